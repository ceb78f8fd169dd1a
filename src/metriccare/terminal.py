"""What is printed on a terminal: tables of one look, and texts of others that must not steer it."""

import re

from rich import box
from rich.table import Table

_UNSEEN = re.compile(r"[^\t\n -~\u00a0-\U0010ffff]")


def empty_table(heading: str, *numbers: str) -> Table:
    """Return a table without rows: one column of text, then columns of numbers."""
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, collapse_padding=True)
    table.add_column(heading)
    for column in numbers:
        table.add_column(column, justify="right", no_wrap=True)
    return table


def harmless(text: str) -> str:
    """Return the text with what would steer a terminal, instead of being seen, written as escapes."""
    return _UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)
