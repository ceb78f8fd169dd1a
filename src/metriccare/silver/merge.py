"""Patients that are replaced by others (`Patient.link`, type replaced-by) are one with their final survivor."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

PATIENT_KEY = ("source", "patient_id")
MERGED, CYCLE = "patient_merged", "patient_link_cycle"


def survivors(patients: DataFrame) -> DataFrame | None:
    """Follow the links to the last patient of each chain.

    Chains are followed by doubling the step, so that one of a thousand links takes ten joins. A patient whose links
    lead into a cycle has no survivor, and stays by itself. A survivor that is unknown, or deleted, is one all the
    same: the stays wait for it as those of an unknown patient.

    Args:
        patients: silver.patient; only live rows take part.

    Returns:
        One row per live patient with a link: `source`, `patient_id`, `survivor_id`, `in_cycle`; None if no patient
        has one.
    """
    is_linked = F.col("is_live") & F.col("replaced_by_id").isNotNull()
    links = patients.filter(is_linked).select(
        "source", F.col("id").alias("patient_id"), F.col("replaced_by_id").alias("survivor_id")
    )
    steps = links.localCheckpoint()
    count = steps.count()
    if not count:
        return None
    for _ in range(count.bit_length()):
        if _unfinished(steps).isEmpty():
            break
        steps = _doubled(steps).localCheckpoint()
    own = _unfinished(steps).select(*PATIENT_KEY).withColumn("in_cycle", F.lit(True))
    found = steps.join(own, list(PATIENT_KEY), how="left")
    in_cycle = F.coalesce("in_cycle", F.lit(False))
    survivor = F.when(in_cycle, F.col("patient_id")).otherwise(F.col("survivor_id"))
    resolved = found.select(*PATIENT_KEY, survivor.alias("survivor_id"), in_cycle.alias("in_cycle"))
    return resolved.localCheckpoint()  # it is joined in many places, and would be made again in each


def with_survivor(rows: DataFrame, links: DataFrame | None) -> DataFrame:
    """Replace `patient_id` by the survivor's; where there are `quality_flags`, they tell of it.

    Args:
        rows: with `source` and `patient_id`.
        links: of `survivors`.
    """
    if links is None:
        return rows
    joined = rows.join(F.broadcast(links), list(PATIENT_KEY), how="left")
    told = F.array(F.when(F.col("in_cycle"), F.lit(CYCLE)), F.when(~F.col("in_cycle"), F.lit(MERGED)))
    changed = {"patient_id": F.coalesce("survivor_id", "patient_id")}
    if "quality_flags" in rows.columns:
        changed["quality_flags"] = F.array_union("quality_flags", F.array_compact(told))
    return joined.withColumns(changed).select(*rows.columns)


def _doubled(steps: DataFrame) -> DataFrame:
    """Go on from where each patient has come to, by the step that was taken from there."""
    further = steps.select(
        "source", F.col("patient_id").alias("survivor_id"), F.col("survivor_id").alias("_next")
    )
    joined = steps.join(further, ["source", "survivor_id"], how="left")
    return joined.select(*PATIENT_KEY, F.coalesce("_next", "survivor_id").alias("survivor_id"))


def _unfinished(steps: DataFrame) -> DataFrame:
    """Return those that have come to a patient with a link of its own."""
    linked = steps.select("source", F.col("patient_id").alias("survivor_id"))
    return steps.join(linked, ["source", "survivor_id"], how="left_semi")
