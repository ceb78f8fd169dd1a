"""Stays of the real exports, worked out by hand from the JSON: facts for the naive check and for the pipeline.

`facts.csv` has a line per encounter and says why; `no_stay` stands for an encounter that is no inpatient stay.
"""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.proofs.independent import naive
from tests.proofs.independent.compare import Both, Rows
from tests.proofs.independent.input import needs_real_data

FACTS = list(csv.DictReader((Path(__file__).parent / "facts.csv").read_text(encoding="utf-8").splitlines()))
SIDES: dict[str, Callable[[Both], Rows]] = {
    "naive": lambda both: both.expected,
    "pipeline": lambda both: both.found,
}

pytestmark = [pytest.mark.real_data, needs_real_data]


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact["stay_id"][:8])
def test_the_stay_is_as_worked_out_by_hand(fact: dict[str, str], side: str, everything: Both) -> None:
    row = SIDES[side](everything).get((fact["source"], fact["stay_id"]))
    assert as_fact(row) == {name: fact[name] for name in as_fact(row)}, fact["because"]


def as_fact(row: naive.Row | None) -> dict[str, str]:
    """Return a row in the words of `facts.csv`."""
    if row is None:
        return {"not_counted": "no_stay"}
    values = row._asdict()
    days = values.pop("fractional")
    return {name: word(value) for name, value in values.items()} | {"elapsed": clock(days)}


def clock(days: float | None) -> str:
    """Return a length of stay as hours:minutes:seconds."""
    if days is None:
        return ""
    minutes, seconds = divmod(round(days * 86_400), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


def word(value: object) -> str:
    if value is None or isinstance(value, bool):
        return {None: "", True: "yes", False: "no"}[value]
    return f"{value:g}" if isinstance(value, int | float) else str(value)
