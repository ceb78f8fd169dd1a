"""The diagnoses of a stay with their codes, and which of them is the principal one."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from metriccare.definitions.value_sets import codes

PRINCIPAL_USES = codes("diagnosis_role", "principal")
LAST_RANK = 2**31 - 1


def coded_diagnoses(encounters: DataFrame, conditions: DataFrame) -> DataFrame:
    """Look up the codes of each `Encounter.diagnosis`, and the encounter's own diagnoses.

    A condition of another patient is none of this one, whatever refers to it; it counts as one that is not known.

    Args:
        encounters: live encounters, one row each, with `diagnoses`; `patient_id` is the survivor's.
        conditions: live conditions; likewise.

    Returns:
        One row per encounter that has any: `source`, `id`, `coded` (its `diagnosis` entries with the codings and
        the body hash of their conditions, by rank, then position), `own` (the encounter-diagnosis conditions
        that refer to it: condition_id, body_sha256, codings).
    """
    known = conditions.select(
        "source",
        F.col("id").alias("condition_id"),
        F.col("patient_id").alias("_patient"),
        F.col("encounter_id").alias("_encounter"),
        "body_sha256",
        "codings",
        _is_encounter_diagnosis().alias("is_own"),
    )
    return _listed(encounters, known).join(_referring(encounters, known), ["source", "id"], how="full")


def _is_encounter_diagnosis() -> Column:
    categories = F.coalesce("category_codes", F.array())
    of_encounters = F.array(*map(F.lit, codes("condition_category", "encounter")))
    return (F.size(categories) == 0) | F.arrays_overlap(categories, of_encounters)


def _listed(encounters: DataFrame, known: DataFrame) -> DataFrame:
    entries = encounters.select(
        "source", "id", "patient_id", F.posexplode("diagnoses").alias("at", "d")
    ).select("source", "id", "patient_id", "at", "d.*")
    named = known.select(
        F.col("source").alias("_source"),
        F.col("condition_id").alias("_condition"),
        "_patient",
        "_encounter",
        "body_sha256",
        "codings",
    )
    is_meant = (F.col("_source") == F.col("source")) & (F.col("_condition") == F.col("condition_id"))
    coded = entries.join(named, is_meant & _is_of_patient(), how="left")
    names = ("condition_id", "rank", "use_code", "present_on_admission", "body_sha256", "codings")
    ordered = F.struct(
        F.coalesce("rank", F.lit(LAST_RANK)).alias("by_rank"), "at", F.struct(*names).alias("diagnosis")
    )
    listed = F.transform(F.sort_array(F.collect_list(ordered)), lambda row: row["diagnosis"])
    return coded.groupBy("source", "id").agg(listed.alias("coded"))


def _referring(encounters: DataFrame, known: DataFrame) -> DataFrame:
    mine = known.filter(F.col("is_own") & F.col("_encounter").isNotNull()).select(
        "source",
        F.col("_encounter").alias("id"),
        "_patient",
        "_encounter",
        F.struct("condition_id", "body_sha256", "codings").alias("own"),
    )
    of_these = mine.join(encounters.select("source", "id", "patient_id"), ["source", "id"], how="inner")
    return (
        of_these.filter(_is_of_patient())
        .groupBy("source", "id")
        .agg(F.sort_array(F.collect_list("own")).alias("own"))
    )


def _is_of_patient() -> Column:
    """True if the condition is of the encounter's patient; one that names nobody, of that of the encounter it names."""
    names_it = F.col("_patient").isNull() & (F.col("_encounter") == F.col("id"))
    return F.coalesce((F.col("_patient") == F.col("patient_id")) | names_it, F.lit(False))


def principal() -> Column:
    """Return the principal diagnosis, a struct of condition_id, body_sha256 and codings, else null (MEASURES 0.4.6).

    Rank 1; else the discharge, billing or chief-complaint diagnosis; else the only one listed; else
    `reasonCode` (which is no Condition); else the single encounter-diagnosis. One without a code is passed over.
    """
    coded = F.coalesce("coded", F.array())
    ranked = F.filter(coded, lambda d: d["rank"] == 1)
    by_use = [_with_use(coded, use) for use in PRINCIPAL_USES]
    only = F.when(F.size(coded) == 1, coded)
    chosen = [_coded(F.get(found, 0)) for found in (ranked, *by_use, only)]
    nobody = F.lit(None).cast("string")
    reason = F.struct(
        nobody.alias("condition_id"), nobody.alias("body_sha256"), F.col("reasons").alias("codings")
    )
    own = F.when(F.size("own") == 1, _coded(F.col("own")[0]))
    return F.coalesce(*chosen, F.when(F.size("reasons") > 0, reason), own)


def _coded(diagnosis: Column) -> Column:
    """Return the three fields that say which diagnosis it is, or null for one without a code."""
    fields = (diagnosis[name].alias(name) for name in ("condition_id", "body_sha256", "codings"))
    return F.when(F.size(diagnosis["codings"]) > 0, F.struct(*fields))


def _with_use(coded: Column, use: str) -> Column:
    return F.filter(coded, lambda d: d["use_code"] == use)
