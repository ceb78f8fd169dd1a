"""Stored codes in words, from one file, `words.csv`, for the command line, tables and reports."""

import csv
import re
from functools import cache
from importlib import resources

_NUMBER = re.compile(r"\d+")


@cache
def load() -> dict[tuple[str, str], str]:
    """Return the words by kind and code; N in a code stands for a number (`under_N`)."""
    text = resources.files(__name__).joinpath("words.csv").read_text(encoding="utf-8")
    return {(row["kind"], row["code"]): row["words"] for row in csv.DictReader(text.splitlines())}


def words(kind: str, code: str, **values: object) -> str:
    """Return a code in words; for an unknown code (of another version, say), its name without underscores.

    Args:
        kind: `reason`, `yet`, `flag`, `role`, `disposition`, `happened`, `did_not_happen`,
            `encounter` or `no_stay`.
        code: as stored, e.g. `under_65`.
        values: the values of the placeholders in the words, e.g. `matures_on`.
    """
    template = _template(kind, code)
    if template is None:
        return code.replace("_", " ")
    number = _NUMBER.search(code)
    return template.format(n=number.group() if number else "", **values)


def _template(kind: str, code: str) -> str | None:
    known = load()
    return known.get((kind, code)) or known.get((kind, _NUMBER.sub("N", code, count=1)))
