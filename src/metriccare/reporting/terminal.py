"""The terminal: no text of a feed steers it, whatever markup, escapes or symbols are in it."""

import re
from typing import Any

import click
from rich.console import Console
from rich.text import Text

# Control characters but for tab and newline; what turns the direction of text, or is not seen.
_STEERS = re.compile(
    "[^\t\n -~\u00a0-\U0010ffff]"
    "|[\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]"
)


def harmless(text: str) -> str:
    """Return the text with characters that could change the terminal's state, or deceive its reader, as escapes."""
    return _STEERS.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def one_line(text: str) -> str:
    """Return the text as `harmless` does, on one line: a name must not look like a line of its own."""
    return harmless(text).replace("\n", r"\n").replace("\t", r"\t")


def echo(text: str, *, err: bool = False, nl: bool = True) -> None:
    """Print a text that may contain texts of a feed."""
    click.echo(harmless(text), err=err, nl=nl)


class Terminal(Console):
    """A console for texts and tables that may contain texts of a feed: it reads no markup in them."""

    def __init__(self, **options: Any) -> None:
        super().__init__(highlight=False, markup=False, emoji=False, **options)

    def render_str(self, text: str, **options: Any) -> Text:
        """Return what is printed for a text, also of a table's cell."""
        return super().render_str(harmless(text), **options)

    def heading(self, title: str, rest: str = "") -> None:
        """Print an empty line and a title in bold, with more on the same line."""
        self.print()
        self.print(Text(one_line(title), "bold").append(harmless(rest), "not bold"))
