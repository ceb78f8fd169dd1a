"""How pandas prints tables as text, which is all that a Glue session shows."""

import builtins

WIDTH = 112  # characters that fit next to JupyterLab's file browser


def show_all_columns() -> None:
    """Make pandas print every column, unless IPython shows tables as HTML.

    Without IPython pandas assumes a terminal of 80 characters and drops the columns that do not fit.
    """
    if hasattr(builtins, "get_ipython"):
        return
    import pandas as pd

    for option, value in {"width": WIDTH, "max_columns": None, "max_colwidth": WIDTH}.items():
        pd.set_option(f"display.{option}", value)
