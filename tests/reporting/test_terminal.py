"""No text of a feed steers the terminal, or becomes a formula in a spreadsheet."""

import csv
import io

import pytest
from rich.table import Table

from metriccare.reporting.csv_text import to_csv
from metriccare.reporting.terminal import Terminal, harmless, one_line

HOSTILE = {
    "St Anne [/campus]": "St Anne [/campus]",
    "Ward [a1]": "Ward [a1]",
    "[link=http://evil]Mercy[/link]": "[link=http://evil]Mercy[/link]",
    ":skull: [bold red]x": ":skull: [bold red]x",
    "\x1b[2J\x1b]0;title\x07": r"\x1b[2J\x1b]0;title\x07",
    "a\x9b31m": r"a\x9b31m",
    "Mercy \u202egnp.exe": r"Mercy \u202egnp.exe",
    "Mer\u200bcy": r"Mer\u200bcy",
    "Müller 漢字": "Müller 漢字",
}
FORMULAS = ["=cmd|' /C calc'!A0", "+1", "-1+2", "@SUM(A1)", "\t=1", "'quoted"]


@pytest.mark.parametrize(("text", "shown"), HOSTILE.items())
def test_a_text_is_printed_as_it_is_or_as_escapes(text: str, shown: str) -> None:
    assert harmless(text) == shown
    assert shown in printed(text)


@pytest.mark.parametrize(("text", "shown"), HOSTILE.items())
def test_so_is_one_in_a_table_or_a_heading(text: str, shown: str) -> None:
    table = Table(text)
    table.add_row(text)
    file = io.StringIO()
    console = Terminal(file=file, width=100)
    console.print(table)
    console.heading(text, text)
    assert file.getvalue().count(shown) == 4


def printed(text: str) -> str:
    file = io.StringIO()
    Terminal(file=file, width=100).print(text)
    return file.getvalue()


def test_a_name_is_no_line_of_its_own() -> None:
    assert one_line("a\n- source b: fine") == r"a\n- source b: fine"


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_becomes_a_formula(text: str) -> None:
    (row,) = csv.DictReader(io.StringIO(to_csv(("name", "rate"), [{"name": text, "rate": -0.5}])))
    assert row == {"name": f"'{text}", "rate": "-0.5"}


def test_other_texts_and_numbers_stay_as_they_are() -> None:
    assert to_csv(("a", "b"), [{"a": "x=1, y", "b": -3}]) == 'a,b\n"x=1, y",-3\n'
