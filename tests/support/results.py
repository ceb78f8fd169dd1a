"""The numbers of decisions, without Spark: what the stage of gold makes of whole tables."""

from collections.abc import Sequence
from datetime import date

import duckdb
import pyarrow as pa
from tests.support.tables import Rows

from metriccare import measures
from metriccare.definitions.measures import DECISIONS
from metriccare.definitions.profiles import PROFILES, Profile
from metriccare.engine import Program, Reference
from metriccare.measures.result.cells import DECISION_STEPS, STAY_MEASURE

_COUNTED = ", ".join(
    f"{{'exclusion': {name}.exclusion, 'matures_on': {name}.matures_on, 'event_on': {name}.event_on, "
    f"'value': {name}.value}} AS {name}"
    for name in DECISIONS
)
_REASONS = Program(
    takes={"stay_measure": STAY_MEASURE},
    steps=DECISION_STEPS,
    gives={"decision": "stay_id STRING, profile STRING, decision STRING, reason STRING"},
)


def reasons_at(stay_measure: Rows, as_of: date) -> dict[tuple[str, str, str], str | None]:
    """Return why a stay does not count at as_of, by stay, profile and decision: as the numbers are counted."""
    made = _REASONS.run({"stay_measure": _counted(stay_measure)}, Reference({"as_of": as_of}))
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
        "stay_measure": _counted(stay_measure),
        "infection_event": events.table,
        "patient_day": patient_days.table,
        "hospital_display": _select(stays, "hospital_id, hospital_display AS display, admission_at, id"),
        "organization_name": organizations.table,
    }
    return measures.CELLS.run(given, Reference({"as_of": as_of}, profiles=profiles))


def _counted(stay_measure: Rows) -> pa.Table:
    shared = "source, stay_id, profile, hospital_id, admission_date, discharge_date, age, sex"
    return _select(stay_measure, f"{shared}, infection.exclusions AS infection_exclusions, {_COUNTED}")


def _select(rows: Rows, columns: str) -> pa.Table:
    held = rows.table  # noqa: F841  (DuckDB finds it by its name)
    return duckdb.sql(f"SELECT {columns} FROM held").to_arrow_table()
