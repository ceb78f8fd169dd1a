"""The code lists behind the measures: one CSV per list, each row with its source and the version of our list.

No list is expanded at run time and none is edited by code: a code counts if and only if it is a row here.
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

from metriccare.errors import ParameterError

NONE = "(none)"  # in counts of codes, for what has no code or no system


@dataclass(frozen=True)
class Code:
    """One row of a value set.

    Attributes:
        system: URI of the code system, as FHIR writes it in `Coding.system`.
        code: the code itself, as FHIR writes it in `Coding.code`.
        display: what the code means, in the words of the source.
        category: the class the measures use (for `infection` the type of infection).
        rule: how the event is dated (`infection` only), else an empty text.
        source: public document or repository file in which the code was read with this meaning.
        version: version of our list, not of the code system.
    """

    system: str
    code: str
    display: str
    category: str
    rule: str
    source: str
    version: str


def names() -> tuple[str, ...]:
    """Return the names of all value sets in the package, in alphabetical order."""
    files = (entry.name for entry in resources.files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(".csv") for name in files if name.endswith(".csv")))


@cache
def load(name: str) -> tuple[Code, ...]:
    """Return the rows of one value set in file order, one `Code` per (system, code).

    Args:
        name: name of the value set, the file name without `.csv`, for example `"infection"`.

    Raises:
        ParameterError: if the package has no value set of that name.
    """
    known = names()
    if name not in known:
        raise ParameterError(f"Unknown value set {name!r}: expected one of {', '.join(known)}.")
    text = resources.files(__name__).joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return tuple(Code(**({"rule": ""} | row)) for row in csv.DictReader(text.splitlines()))


def codes(name: str, category: str) -> tuple[str, ...]:
    """Return the codes of one category of a value set, in file order; the code systems are not looked at."""
    return tuple(row.code for row in load(name) if row.category == category)
