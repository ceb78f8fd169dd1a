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
from metriccare.measures.result.cells import DECISION_STEPS, HOSPITAL_DISPLAY, STAY_MEASURE

_REASONS = Program(
    takes={"stay_measure": STAY_MEASURE},
    steps=DECISION_STEPS,
    gives={"decision": "stay_id STRING, profile STRING, decision STRING, reason STRING"},
)


def reasons_at(stay_measure: Rows, as_of: date) -> dict[tuple[str, str, str], str | None]:
    """Return why a stay does not count at as_of, by stay, profile and decision: as the numbers are counted."""
    made = _REASONS.run({"stay_measure": _read(stay_measure, STAY_MEASURE)}, Reference({"as_of": as_of}))
    return {
        (row["stay_id"], row["profile"], row["decision"]): row["reason"]
        for row in made["decision"].to_pylist()
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
    given = {
        "stay_measure": _read(stay_measure, STAY_MEASURE),
        "infection_event": events.table,
        "patient_day": patient_days.table,
        "hospital_display": _read(stays, HOSPITAL_DISPLAY),
        "organization_name": organizations.table,
    }
    return measures.CELLS.run(given, Reference({"as_of": as_of}, profiles=profiles))


def _read(rows: Rows, columns: str) -> pa.Table:
    """Return what a stage reads of a table."""
    held = rows.table  # noqa: F841  (DuckDB finds it by its name)
    return duckdb.sql(f"SELECT {select_list(columns)} FROM held").to_arrow_table()
