"""The parts of a run add up, or the run ends with the difference."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from metriccare.errors import ReconciliationError
from metriccare.quality import Reconciliation

ADDS_UP = Reconciliation(
    run_id="run",
    run_at=datetime(2025, 7, 1, tzinfo=UTC),
    as_of=date(2025, 6, 30),
    definition_version="1",
    is_synthetic=False,
    files=2,
    records=14,
    accepted={"Patient": 3, "Encounter": 7},
    skipped={"Location": 3},
    quarantined={"not_json": 1},
    duplicates={"Patient": 1, "Encounter": 2},
    superseded={"Encounter": 1},
    tombstones={"Patient": 0, "Encounter": 1},
    live={"Patient": 2, "Encounter": 3},
    encounters={"in_stay": 2, "not_inpatient": 1},
    stays=2,
    results=10,
)


def test_an_account_that_adds_up_passes() -> None:
    ADDS_UP.check()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"records": 15}, "records: 15, expected 14"),
        ({"live": {"Patient": 1, "Encounter": 3}}, "accepted Patient: 3, expected 2"),
        ({"superseded": {}}, "accepted Encounter: 7, expected 6"),
        ({"encounters": {"in_stay": 2}}, "live encounters: 2, expected 3"),
    ],
)
def test_a_difference_ends_the_run_and_is_named(change: dict[str, object], said: str) -> None:
    with pytest.raises(ReconciliationError, match=said):
        replace(ADDS_UP, **change).check()  # type: ignore[arg-type]


def test_the_row_of_the_table_holds_every_count() -> None:
    (row,) = ADDS_UP.row().to_pylist(maps_as_pydicts="strict")
    assert (row["records"], row["accepted"], row["encounters"]) == (14, ADDS_UP.accepted, ADDS_UP.encounters)


def test_the_table_for_people_has_a_line_for_everything() -> None:
    table = ADDS_UP.table()
    assert table.index.tolist() == ["Encounter", "Patient", "skipped: Location", "quarantined: not_json"]
    assert table.loc["Encounter"].tolist()[:5] == [7, 3, 1, 1, 2]
