"""The diagnoses of a stay with their codes, and which of them is the principal one."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

PRINCIPAL_USES = ("DD", "billing", "CC")


def coded_diagnoses(encounters: DataFrame, conditions: DataFrame) -> DataFrame:
    """Look up the code of each `Encounter.diagnosis`, and the encounter's own diagnoses.

    Args:
        encounters: live encounters, one row each, with `diagnoses`.
        conditions: live conditions.

    Returns:
        One row per encounter that has any: `source`, `id`, `coded` (its `diagnosis` entries with the first
        coding, by rank, then position), `own` (first codings of the encounter-diagnosis conditions that refer
        to it).
    """
    first = conditions.select(
        "source",
        F.col("id").alias("condition_id"),
        "encounter_id",
        F.get("codings", F.lit(0)).alias("coding"),
        _is_encounter_diagnosis().alias("is_own"),
    )
    return _listed(encounters, first).join(_referring(encounters, first), ["source", "id"], how="full")


def _is_encounter_diagnosis() -> Column:
    categories = F.coalesce("category_codes", F.array())
    return (F.size(categories) == 0) | F.array_contains(categories, "encounter-diagnosis")


def _listed(encounters: DataFrame, first: DataFrame) -> DataFrame:
    entries = encounters.select("source", "id", F.posexplode("diagnoses").alias("at", "d")).select(
        "source", "id", "at", "d.*"
    )
    coded = entries.join(first.drop("encounter_id", "is_own"), ["source", "condition_id"], how="left")
    ordered = F.struct(
        F.coalesce("rank", F.lit(2**31 - 1)).alias("by_rank"),
        "at",
        F.struct("condition_id", "rank", "use_code", "present_on_admission", "coding").alias("diagnosis"),
    )
    listed = F.transform(F.sort_array(F.collect_list(ordered)), lambda row: row["diagnosis"])
    return coded.groupBy("source", "id").agg(listed.alias("coded"))


def _referring(encounters: DataFrame, first: DataFrame) -> DataFrame:
    mine = first.filter(F.col("is_own") & F.col("encounter_id").isNotNull()).select(
        "source", F.col("encounter_id").alias("id"), "condition_id", "coding"
    )
    of_these = mine.join(encounters.select("source", "id"), ["source", "id"], how="left_semi")
    by_id = F.sort_array(F.collect_list(F.struct("condition_id", "coding")))
    return of_these.groupBy("source", "id").agg(F.transform(by_id, lambda row: row["coding"]).alias("own"))


def principal() -> Column:
    """Return the coding of the principal diagnosis, else null (MEASURES 0.4.6).

    Rank 1; else the discharge, billing or chief-complaint diagnosis; else the only one listed; else
    `reasonCode`; else the single encounter-diagnosis.
    """
    coded = F.coalesce("coded", F.array())
    ranked = F.filter(coded, lambda d: d["rank"] == 1)
    by_use = [_with_use(coded, use) for use in PRINCIPAL_USES]
    only = F.when(F.size(coded) == 1, coded)
    chosen = [F.get(found, 0)["coding"] for found in (ranked, *by_use, only)]
    own = F.when(F.size("own") == 1, F.col("own")[0])
    return F.coalesce(*chosen, F.get("reasons", F.lit(0)), own)


def _with_use(coded: Column, use: str) -> Column:
    return F.filter(coded, lambda d: d["use_code"] == use)
