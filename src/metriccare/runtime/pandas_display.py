"""Tables of pandas as text: all that a Glue session shows of them."""

import builtins

WIDTH = 112  # letters, what fits beside JupyterLab's list of files


def show_whole() -> None:
    """Let pandas print every column, where there is no IPython that shows the table as HTML.

    Without IPython it takes the output for a terminal of 80 letters, and leaves out what does not fit.
    """
    if hasattr(builtins, "get_ipython"):
        return
    import pandas as pd

    for option, value in {"width": WIDTH, "max_columns": None, "max_colwidth": WIDTH}.items():
        pd.set_option(f"display.{option}", value)
