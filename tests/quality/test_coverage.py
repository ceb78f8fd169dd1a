"""gold.coverage and gold.unmapped_code: what is counted as a place, as filled, and as unmapped."""

from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from tests.support.whole import silver_counts

from metriccare.definitions import coverage_fields as fields
from metriccare.engine.schema import arrow_schema
from metriccare.quality import UNMAPPED_CODES, totals
from metriccare.reporting.unmapped import count_unmapped

CODING = pa.struct([("system", pa.string()), ("code", pa.string()), ("display", pa.string())])
ARROW = {
    "is_live": pa.bool_(),
    "dispositions": pa.list_(CODING),
    "quality_flags": pa.list_(pa.string()),
    "encounter_ids": pa.list_(pa.string()),
}
SNOMED = "http://snomed.info/sct"
OF_ENCOUNTERS = tuple(arrow_schema(UNMAPPED_CODES.takes["encounter"]).names)
ALL_FIELDS = {value for name, value in vars(fields).items() if name.isupper()}


def arrow(rows: list[dict[str, Any]], names: tuple[str, ...]) -> pa.Table:
    """Return some columns of rows as the reader without a JVM returns them."""
    filled = [{"source": "s", "is_live": True, "dispositions": []} | row for row in rows]
    schema = pa.schema([(name, ARROW.get(name, pa.string())) for name in names])
    return pa.Table.from_pylist([{name: row.get(name) for name in names} for row in filled], schema)


def systems(*names: str) -> list[dict[str, str]]:
    return [{"system": name} for name in names]


def indicated(*indicators: str | None) -> list[dict[str, str | None]]:
    return [{"present_on_admission": indicator} for indicator in indicators]


INPATIENT = {
    "class_kind": "acute_inpatient",
    "status": "finished",
    "hospital_id": "h",
    "period_start": "2025-03-01T10:00:00Z",
    "period_start_date": date(2025, 3, 1),
    "period_end_date": date(2025, 3, 5),
    "has_times": True,
    "quality_flags": [],
}
UNMAPPED = {"quality_flags": ["disposition_unmapped"]}
LOCAL, OTHER = {"system": "s", "code": "x", "display": "X"}, {"system": None, "code": "y", "display": None}
ENCOUNTERS = [
    INPATIENT | {"id": "whole"},
    INPATIENT | {"id": "zoned", "timezone": "Europe/Berlin", "part_of_id": "zoned"},
    INPATIENT | {"id": "offset", "period_start": "2025-03-01T10:00:00-05:00", "hospital_id": None},
    INPATIENT | {"id": "dated", "period_start": "2025-03-01", "has_times": False, "period_end_date": None},
    INPATIENT | {"id": "segment", "part_of_id": "whole", "hospital_id": None},
    INPATIENT | {"id": "going on", "status": "in-progress", "period_end_date": None},
    INPATIENT | {"id": "visit", "class_kind": "not_inpatient", "hospital_id": None},
    {"id": "local", "class_system": "s", "class_code": "1", "class_display": "One", "quality_flags": []},
    {"id": "local again", "class_system": "s", "class_code": "1", "quality_flags": []},
    {"id": "no class", "quality_flags": []},
    {"id": "dead", "is_live": False, "class_system": "s", "class_code": "1", "quality_flags": []},
    INPATIENT | UNMAPPED | {"id": "d1", "timezone": "x", "dispositions": [LOCAL, OTHER]},
    INPATIENT | UNMAPPED | {"id": "d2", "timezone": "x", "dispositions": [LOCAL]},
    INPATIENT | UNMAPPED | {"id": "of no stay", "status": "cancelled", "dispositions": [LOCAL]},
]
CLOSED = {
    "is_open": False,
    "has_dispositions": False,
    "quality_flags": [],
    "principal_diagnosis": None,
    "diagnoses": [],
    "encounter_ids": [],
}
STAYS = [
    CLOSED
    | {"disposition_class": "expired", "principal_diagnosis": LOCAL, "diagnoses": indicated("Y", None)},
    CLOSED | UNMAPPED | {"disposition_class": "unknown", "encounter_ids": ["d1", "d2"]},
    CLOSED | {"disposition_class": "unknown", "has_dispositions": True},
    CLOSED,
    CLOSED | {"is_open": True},
]


Found = dict[tuple[str, str], tuple[int, int, float | None]]


@pytest.fixture(scope="module")
def found() -> Found:
    event = {"stay_id": "s", "condition_id": "c", "event_date": None}
    counts = silver_counts(
        patient=[
            {"gender": "male", "is_deceased": True},
            {"is_deceased": False},
            {"is_live": False, "is_deceased": False},
            {"source": "b", "is_deceased": False},
        ],
        encounter=ENCOUNTERS,
        condition=[
            {"codings": systems("x", SNOMED), "encounter_id": "e"},
            {"codings": systems("x"), "verification_status": "confirmed"},
            {"codings": []},
        ],
        stay=STAYS,
        infection_event=[event, event],  # of two profiles
    )
    rows = totals(counts, "run")["coverage"].to_pylist()
    return {(row["source"], row["field"]): (row["rows"], row["present"], row["share"]) for row in rows}


def test_every_field_is_counted(found: Found) -> None:
    assert {field for source, field in found if source == "s"} == ALL_FIELDS - {fields.UNORDERED}


def test_versions_that_came_together_are_counted_only_where_there_are_any() -> None:
    tied, other = ["version_order_unknown"], ["birth_date_missing"]
    counts = silver_counts(
        patient=[
            {"quality_flags": tied},
            {"quality_flags": tied, "is_live": False},
            {"quality_flags": other},
        ],
        encounter=[{"id": "a", "quality_flags": tied}],
        condition=[{"quality_flags": tied, "source": "t"}],
    )
    rows = totals(counts, "run")["coverage"].to_pylist()
    found = {row["source"]: (row["rows"], row["present"]) for row in rows if row["field"] == fields.UNORDERED}
    assert found == {"s": (2, 0), "t": (1, 0)}


@pytest.mark.parametrize(
    ("field", "rows", "present"),
    [
        (fields.BIRTH_DATE, 2, 0),
        (fields.GENDER, 2, 1),
        (fields.DECEASED, 2, 1),
        (fields.DEATH_DATE, 1, 0),
        (fields.CLASS, 13, 10),
        (fields.HOSPITAL, 6, 5),
        (fields.START, 6, 6),
        (fields.END, 6, 5),
        (fields.TIMES, 6, 5),
        (fields.UTC_WITHOUT_ZONE, 5, 1),
        (fields.DISPOSITION, 4, 3),
        (fields.DISPOSITION_MAPPED, 3, 2),
        (fields.EXPIRED, 3, 1),
        (fields.EXPECTS_DISPOSITIONS, 4, 1),
        (fields.PRINCIPAL, 4, 1),
        (fields.PRESENT_ON_ADMISSION, 2, 1),
        (fields.LINKED, 3, 1),
        (fields.VERIFICATION, 3, 1),
        (fields.SNOMED, 3, 1),
        (fields.INFECTION_DATE, 1, 0),
    ],
)
def test_a_field_is_counted_where_it_is_wanted(found: Found, field: str, rows: int, present: int) -> None:
    assert found["s", field] == (rows, present, present / rows)


def test_sources_are_counted_apart_and_nothing_has_no_share(found: Found) -> None:
    assert found["b", fields.GENDER] == (1, 0, 0)
    assert found["b", fields.DEATH_DATE] == (0, 0, None)


def unmapped() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = totals(silver_counts(encounter=ENCOUNTERS, stay=STAYS), "run")[
        "unmapped_code"
    ].to_pylist()
    return rows


def test_a_code_that_no_map_knows_is_counted_with_its_display() -> None:
    found = {
        (row["value_set"], row["system"], row["code"]): (row["rows"], row["display"]) for row in unmapped()
    }
    assert found == {
        ("encounter_class", "s", "1"): (2, "One"),
        ("encounter_class", "(none)", "(none)"): (1, None),
        ("discharge_disposition", "s", "x"): (2, "X"),
        ("discharge_disposition", "(none)", "y"): (1, None),
    }


def test_the_notebook_counts_the_same_codes_without_spark() -> None:
    encounters = arrow(ENCOUNTERS, OF_ENCOUNTERS).filter(pc.field("is_live"))
    found = count_unmapped(encounters, arrow(STAYS, ("source", "encounter_ids")))

    assert found["rows"].tolist() == [2, 1, 2, 1]  # by value set, the most frequent first
    as_text = found.astype(object).where(found.notna(), None)
    names = as_text.columns.tolist()
    expected = {tuple(row[name] for name in names) for row in unmapped()}
    assert {tuple(one) for one in as_text.to_numpy()} == expected


def test_where_every_code_is_mapped_the_notebook_has_no_line() -> None:
    encounters = arrow([INPATIENT | {"id": "e", "dispositions": []}], OF_ENCOUNTERS)
    for live, stays in ((encounters, STAYS), (encounters[:0], STAYS), (encounters, [])):
        assert count_unmapped(live, arrow(stays, ("source", "encounter_ids"))).empty
