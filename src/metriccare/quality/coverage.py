"""gold.coverage: in how many rows the fields that measures need are present, by source and field."""

from collections.abc import Mapping
from functools import reduce
from typing import NamedTuple

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from metriccare.definitions import coverage_fields as fields
from metriccare.definitions.schemas import GOLD_COVERAGE
from metriccare.definitions.schemas.contract import conform
from metriccare.fhir.dates import has_time, is_utc

SNOMED_SYSTEM = "http://snomed.info/sct"
NOT_INPATIENT = "not_inpatient"
FINISHED = "finished"


class Field(NamedTuple):
    """One field: what a row adds to the number of rows in which it is expected, and present."""

    name: str
    places: Column
    present: Column


def coverage(
    resources: Mapping[str, DataFrame], stays: DataFrame, events: DataFrame, run_id: str
) -> DataFrame:
    """Count, by source, in how many rows each field that affects a measure is present.

    Args:
        resources: the silver tables by FHIR resource type; only live rows are counted.
        stays: silver.stay.
        events: gold.infection_event.
        run_id: the run.

    Returns:
        One row per source, resource and field: `rows` (in which it is expected), `present`, `share` (null for no rows).
    """
    live = {kind: frame.filter("is_live") for kind, frame in resources.items()}
    infections = events.select("source", "stay_id", "condition_id", "event_date").distinct()
    counted = [
        _counted(live["Patient"], "Patient", _patient_fields()),
        _counted(live["Encounter"], "Encounter", _encounter_fields()),
        _counted(stays, "Encounter", _stay_fields()),
        _counted(live["Condition"], "Condition", _condition_fields()),
        _counted(infections, "Condition", [_where(fields.INFECTION_DATE, F.lit(True), _is("event_date"))]),
    ]
    share = F.when(F.col("rows") > 0, F.col("present") / F.col("rows"))
    together = reduce(DataFrame.unionByName, counted)
    return conform(together.withColumns({"share": share, "run_id": F.lit(run_id)}), GOLD_COVERAGE)


def _patient_fields() -> list[Field]:
    everyone = F.lit(True)
    return [
        _where(fields.BIRTH_DATE, everyone, _is("birth_date")),
        _where(fields.GENDER, everyone, _is("gender")),
        _where(fields.DECEASED, everyone, F.col("is_deceased")),
        _where(fields.DEATH_DATE, F.col("is_deceased"), _is("death_date")),
    ]


def _encounter_fields() -> list[Field]:
    whole = F.col("part_of_id").isNull() | (F.col("part_of_id") == F.col("id"))
    inpatient = (F.col("class_kind") != NOT_INPATIENT) & (F.col("status") == FINISHED) & whole
    in_utc = is_utc(F.col("period_start")) & F.col("timezone").isNull()
    return [
        _where(fields.CLASS, F.lit(True), _is("class_kind")),
        _where(fields.HOSPITAL, inpatient, _is("hospital_id")),
        _where(fields.START, inpatient, _is("period_start_date")),
        _where(fields.END, inpatient, _is("period_end_date")),
        _where(fields.TIMES, inpatient, F.col("has_times")),
        _where(fields.UTC_WITHOUT_ZONE, inpatient & has_time(F.col("period_start")), in_utc),
    ]


def _stay_fields() -> list[Field]:
    closed = ~F.col("is_open")
    given = closed & _is("disposition_class")
    is_mapped = ~F.array_contains("quality_flags", "disposition_unmapped")
    indicated = F.filter("diagnoses", lambda diagnosis: diagnosis["present_on_admission"].isNotNull())
    return [
        _where(fields.DISPOSITION, closed, given),
        _where(fields.DISPOSITION_MAPPED, given, is_mapped),
        _where(fields.EXPIRED, given, F.col("disposition_class") == "expired"),
        _where(fields.EXPECTS_DISPOSITIONS, closed, F.col("has_dispositions")),
        _where(fields.PRINCIPAL, closed, _is("principal_diagnosis")),
        Field(fields.PRESENT_ON_ADMISSION, F.size("diagnoses"), F.size(indicated)),
    ]


def _condition_fields() -> list[Field]:
    has_snomed = F.exists("codings", lambda coding: coding["system"] == SNOMED_SYSTEM)
    return [
        _where(fields.LINKED, F.lit(True), _is("encounter_id")),
        _where(fields.VERIFICATION, F.lit(True), _is("verification_status")),
        _where(fields.SNOMED, F.lit(True), has_snomed),
    ]


def _is(column: str) -> Column:
    return F.col(column).isNotNull()


def _where(name: str, wanted: Column, present: Column) -> Field:
    places = F.coalesce(wanted, F.lit(False))
    filled = places & F.coalesce(present, F.lit(False))
    return Field(name, places.cast("int"), filled.cast("int"))


def _counted(frame: DataFrame, resource: str, wanted: list[Field]) -> DataFrame:
    """Count all fields of a table in one pass, then return one row per field."""
    sums = [
        F.struct(
            F.lit(field.name).alias("field"),
            F.coalesce(F.sum(field.places), F.lit(0)).alias("rows"),
            F.coalesce(F.sum(field.present), F.lit(0)).alias("present"),
        )
        for field in wanted
    ]
    by_source = frame.groupBy("source").agg(F.array(*sums).alias("fields"))
    return by_source.select("source", F.lit(resource).alias("resource"), F.inline("fields"))
