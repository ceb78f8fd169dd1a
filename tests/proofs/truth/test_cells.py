"""Cells add up: settled on an earlier day, or with the shares of some stays exchanged, they give the same results."""

from collections.abc import Callable
from datetime import date, timedelta

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from tests.proofs.truth.planted import Gold, Planted
from tests.support.builders import Silver, patient_days
from tests.support.results import counted, named

from metriccare import measures
from metriccare.engine import Reference
from metriccare.pipeline.stages.kept_cells import KeptCells, changed

Given = dict[str, pa.Table]
KEY = [(name, "ascending") for name in ("measure", "profile", "stratum", "stratum_value")]
DAYS_AGO = ((31, 16), (200, 0))  # settled, seen
CHANGES = {
    "the hospital": "SELECT * REPLACE ('moved' AS hospital_id) FROM {0}",
    "most of it is gone": "FROM {0} WHERE hash(stay_id) % 3 = 0",
    "all of it is gone": "FROM {0} LIMIT 0",
}


@pytest.fixture(scope="module")
def given(gold: Gold, typed: Silver, planted: Planted) -> Given:
    """Return what the cells of one source are made of."""
    rows = counted(gold.decisions, gold.events, patient_days(typed.stay, planted.as_of))
    return {name: table.filter(pc.field("source") == "seed7") for name, table in rows.items()}


@pytest.fixture(scope="module")
def results(gold: Gold, typed: Silver) -> Callable[[Given, date], pa.Table]:
    """Return a function that makes the results of cells."""
    names = named(gold.events, typed.stay, typed.organization)

    def at(cells: Given, as_of: date) -> pa.Table:
        reference = Reference({"as_of": as_of, "run_id": "run"})
        return measures.RESULTS.run(cells | names, reference)["measure_result"].sort_by(KEY)

    return at


def settled(given: Given, day: date) -> Given:
    return measures.CELLS.run(given, Reference({"settled_on": day}))


@pytest.mark.parametrize(("settled_ago", "seen_ago"), DAYS_AGO)
def test_cells_settled_earlier_give_the_results_of_any_later_day(
    given: Given,
    results: Callable[[Given, date], pa.Table],
    planted: Planted,
    settled_ago: int,
    seen_ago: int,
) -> None:
    early, as_of = (planted.as_of - timedelta(days=days) for days in (settled_ago, seen_ago))
    assert results(settled(given, early), as_of) == results(settled(given, as_of), as_of)


@pytest.mark.parametrize("change", CHANGES)
def test_what_some_stays_add_is_exchanged(
    given: Given,
    results: Callable[[Given, date], pa.Table],
    planted: Planted,
    change: str,
) -> None:
    before, rest = some(given, "= 0"), some(given, "<> 0")
    now = {name: duckdb.sql(CHANGES[change].format("rows")).to_arrow_table() for name, rows in before.items()}
    whole = {name: pa.concat_tables([rest[name], now[name]]) for name in given}
    day = planted.as_of - timedelta(days=31)

    kept = changed(KeptCells(day, {}, settled(given, day)), before, now)

    expected = settled(whole, day)
    assert results(dict(kept.cells), planted.as_of) == results(expected, planted.as_of)
    assert kept.cells["cell"].num_rows <= expected["cell"].num_rows


def some(given: Given, condition: str) -> Given:
    """Return the rows of a tenth of the stays, or of the others."""
    return {
        name: duckdb.sql(f"FROM rows WHERE hash(stay_id) % 10 {condition}").to_arrow_table()
        for name, rows in given.items()
    }
