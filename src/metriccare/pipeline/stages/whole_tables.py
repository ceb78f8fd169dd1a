"""What is counted over all rows of a lake: a Spark job each, which reads of every table the columns that count."""

from collections.abc import Sequence
from datetime import date

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from metriccare import measures, quality
from metriccare.definitions.measures import DECISIONS
from metriccare.definitions.tables import (
    CONDITION,
    ENCOUNTER,
    INFECTION_EVENT,
    ORGANIZATION,
    PATIENT,
    PATIENT_DAY,
    RECORD,
    STAY,
    STAY_MEASURE,
)
from metriccare.engine import Program, Reference
from metriccare.engine.on_spark import Input, collect_from_spark, estimated_bytes
from metriccare.engine.schema import arrow_schema
from metriccare.lake.tables import SparkLake

BYTES_PER_TASK = 16_000_000  # of the columns that are read, as Spark estimates them: some 50,000 rows

_SHARED = ("source", "stay_id", "profile", "hospital_id", "admission_date", "discharge_date", "age", "sex")
_COUNTED = ("exclusion", "matures_on", "event_on", "value")


def newest_discharge(lake: SparkLake) -> pa.Table:
    """Return what `measures.default_as_of` takes."""
    stays = [_input("stay", lake.read(STAY), "id")]
    return _collect(measures.NEWEST_DISCHARGE, stays, Reference())["newest_discharge"]


def cells(lake: SparkLake, as_of: date) -> dict[str, pa.Table]:
    """Return what `measures.measure_results` takes."""
    decided = lake.read(STAY_MEASURE).selectExpr(
        *_SHARED, "infection.exclusions AS infection_exclusions", *map(_counted, DECISIONS)
    )
    displays = lake.read(STAY).selectExpr("*", "hospital_display AS display")
    inputs = [
        _input("stay_measure", decided, "stay_id"),
        _input("infection_event", lake.read(INFECTION_EVENT), "stay_id"),
        _input("patient_day", lake.read(PATIENT_DAY), "stay_id"),
        _input("hospital_display", displays, "id"),
        _input("organization_name", lake.read(ORGANIZATION), "id"),
    ]
    return _collect(measures.CELLS, inputs, Reference({"as_of": as_of}))


def silver_counts(lake: SparkLake) -> dict[str, pa.Table]:
    """Return what `quality.SILVER_COUNTS` gives."""
    conditions = lake.read(CONDITION).selectExpr("*", "codings.system AS code_systems")
    stays = lake.read(STAY)
    described = stays.selectExpr(
        "*",
        "principal_diagnosis IS NOT NULL AS has_principal_diagnosis",
        "diagnoses.present_on_admission AS present_on_admission",
    )
    members = stays.selectExpr("source", "explode(encounter_ids) AS id")
    inputs = [
        _input("patient", lake.read(PATIENT), "id"),
        _input("encounter", lake.read(ENCOUNTER), "id"),
        _input("condition", conditions, "id"),
        _input("organization", lake.read(ORGANIZATION), "id"),
        _input("stay", described, "id"),
        _input("member", members, "id"),
        _input("infection_event", lake.read(INFECTION_EVENT), "stay_id"),
    ]
    return _collect(quality.SILVER_COUNTS, inputs, Reference())


def record_counts(lake: SparkLake, to_instant: str) -> dict[str, pa.Table]:
    """Return what `quality.RECORD_COUNTS` gives for the commits of bronze up to an instant."""
    records = [_input("record", lake.read_until(RECORD, to_instant), "resource_id")]
    return _collect(quality.RECORD_COUNTS, records, Reference())


def _counted(name: str) -> str:
    """Return the part of a decision that is added up; its lists are the greater part of the table."""
    parts = ", ".join(f"'{part}', {name}.{part}" for part in _COUNTED)
    return f"named_struct({parts}) AS {name}"


def _input(table: str, rows: DataFrame, id: str) -> Input:
    """Return rows that are divided by source and an id."""
    return Input(table, rows, F.struct("source", id))


def _collect(program: Program, inputs: Sequence[Input], reference: Reference) -> dict[str, pa.Table]:
    read = (given.rows.select(*arrow_schema(program.takes[given.table]).names) for given in inputs)
    tasks = 1 + sum(map(estimated_bytes, read)) // BYTES_PER_TASK
    return collect_from_spark(program, inputs, reference, tasks=tasks)
