"""The numbers of decisions, without Spark: what the stage of gold makes of whole tables."""

from collections.abc import Sequence
from datetime import date

import duckdb
import pyarrow as pa
from tests.support.tables import Rows

from metriccare import measures
from metriccare.definitions.profiles import PROFILES, Profile
from metriccare.engine import Program, Reference
from metriccare.engine.schema import select_list
from metriccare.measures.result.cells import DECISION_STEPS, INFECTION_EVENT, PATIENT_DAY, STAY_MEASURE
from metriccare.measures.result.names import CODE_NAME, HOSPITAL_DISPLAY

_REASONS = Program(
    takes={"stay_measure": STAY_MEASURE, "infection_event": INFECTION_EVENT},
    steps=DECISION_STEPS,
    gives={"decision": "stay_id STRING, profile STRING, decision STRING, reason STRING, from_day DATE"},
)


def reasons_at(stay_measure: Rows, as_of: date) -> dict[tuple[str, str, str], str | None]:
    """Return why a stay does not count at as_of, by stay, profile and decision: as the numbers are counted."""
    made = _REASONS.run({"stay_measure": _read(stay_measure, STAY_MEASURE)}, Reference({"settled_on": as_of}))
    return {
        (row["stay_id"], row["profile"], row["decision"]): row["reason"]
        for row in made["decision"].to_pylist()
        if row["from_day"] is None
    }


def cells(
    stay_measure: Rows,
    events: Rows,
    patient_days: Rows,
    stays: Rows,
    organizations: Rows,
    as_of: date,
    profiles: Sequence[Profile] = PROFILES,
) -> dict[str, pa.Table]:
    """Return what `measures.measure_results` takes."""
    reference = Reference({"settled_on": as_of}, profiles=profiles)
    cells = measures.CELLS.run(counted(stay_measure, events, patient_days), reference)
    return cells | named(events, stays, organizations)


def counted(stay_measure: Rows, events: Rows, patient_days: Rows) -> dict[str, pa.Table]:
    """Return what `measures.CELLS` takes."""
    return {
        "stay_measure": _read(stay_measure, STAY_MEASURE),
        "infection_event": _read(events, INFECTION_EVENT),
        "patient_day": _read(patient_days, PATIENT_DAY),
    }


def named(events: Rows, stays: Rows, organizations: Rows) -> dict[str, pa.Table]:
    """Return what `measures.NAMES` gives."""
    rows = {
        "code_name": _read(events, CODE_NAME),
        "hospital_display": _read(stays, HOSPITAL_DISPLAY),
        "organization_name": organizations.table,
    }
    return measures.NAMES.run(rows, Reference())


def _read(rows: Rows, columns: str) -> pa.Table:
    """Return what a stage reads of a table."""
    held = rows.table  # noqa: F841  (DuckDB finds it by its name)
    return duckdb.sql(f"SELECT {select_list(columns)} FROM held").to_arrow_table()
