"""Which stay an infection diagnosis belongs to (MEASURES 3.3)."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from metriccare.definitions.value_sets import codes
from metriccare.fhir.dates import local_date

_CONDITION = ["source", "condition_id"]


def links(stays: DataFrame, infections: DataFrame) -> DataFrame:
    """Link each infection to a stay: by `Condition.encounter`, else `Encounter.diagnosis`, else patient and date.

    An infection of another patient belongs to no stay of this one; one that names nobody, only by its encounter.

    Args:
        stays: silver.stay.
        infections: one row per infection condition.

    Returns:
        One row per infection that has a stay: `source`, `condition_id`, `stay_id`.
    """
    first = _by_encounter(stays, infections)
    second = _by_diagnosis(stays, infections).join(first, _CONDITION, how="left_anti")
    linked = first.unionByName(second)
    return linked.unionByName(_by_date(stays, infections).join(linked, _CONDITION, how="left_anti"))


def event_date() -> Column:
    """The earlier of onset and recorded date (3.1.3), as calendar dates where the stay is, like its own (0.2.1)."""
    zone = F.col("timezone")
    return F.least(local_date(F.col("onset"), zone), local_date(F.col("recorded"), zone))


def _by_encounter(stays: DataFrame, infections: DataFrame) -> DataFrame:
    encounters = stays.select(
        "source",
        F.col("id").alias("stay_id"),
        F.col("patient_id").alias("_patient"),
        F.explode("encounter_ids").alias("encounter_id"),
    )
    found = encounters.join(infections, ["source", "encounter_id"], how="inner")
    is_same = F.col("patient_id").isNull() | (F.col("patient_id") == F.col("_patient"))
    return found.filter(is_same).select(*_CONDITION, "stay_id")


def _by_diagnosis(stays: DataFrame, infections: DataFrame) -> DataFrame:
    """Conditions that a stay lists; one that several list belongs to the smallest id."""
    listed = stays.select(
        "source", F.col("id").alias("stay_id"), "patient_id", F.explode("diagnoses").alias("d")
    ).select("source", "stay_id", "patient_id", F.col("d.condition_id").alias("condition_id"))
    known = listed.join(infections, [*_CONDITION, "patient_id"], how="left_semi")
    return known.groupBy(*_CONDITION).agg(F.min("stay_id").alias("stay_id"))


def _by_date(stays: DataFrame, infections: DataFrame) -> DataFrame:
    """Conditions without an encounter that begin on a day of a stay; of several stays the last to begin.

    An item of the problem list belongs to a stay only if one of the two refers to the other.
    """
    problems = F.array(*map(F.lit, codes("condition_category", "problem")))
    is_problem = F.arrays_overlap(F.coalesce("category_codes", F.array()), problems)
    loose = infections.filter(F.col("encounter_id").isNull() & ~is_problem)
    places = stays.select(
        "source",
        "patient_id",
        F.col("id").alias("stay_id"),
        "admission_date",
        "discharge_date",
        "is_open",
        "timezone",
    )
    is_inside = (event_date() >= F.col("admission_date")) & (
        F.col("is_open") | (event_date() <= F.col("discharge_date"))
    )
    found = loose.join(places, ["source", "patient_id"], how="inner").filter(is_inside)
    return found.groupBy(*_CONDITION).agg(
        F.max_by("stay_id", F.struct("admission_date", "stay_id")).alias("stay_id")
    )
