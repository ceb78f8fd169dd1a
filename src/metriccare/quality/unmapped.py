"""gold.unmapped_code: local codes that are not mapped, and how often each occurs (MEASURES 0.1.4, 0.3)."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from metriccare.definitions.schemas import GOLD_UNMAPPED_CODE
from metriccare.definitions.schemas.contract import conform
from metriccare.definitions.value_sets import NONE

CLASS, DISPOSITION = "encounter_class", "discharge_disposition"


def unmapped_codes(encounters: DataFrame, stays: DataFrame, run_id: str) -> DataFrame:
    """Count the codes that have no effect because they are not mapped.

    Args:
        encounters: silver.encounter; only live rows are counted.
        stays: silver.stay.
        run_id: the run.

    Returns:
        One row per source, `value_set`, `system` and `code` (`(none)` if missing), with one of its
        displays and `rows`: live encounters of that class, or encounters of stays with that disposition.
    """
    live = encounters.filter("is_live")
    found = _classes(live).unionByName(_dispositions(live, stays))
    counted = found.groupBy("source", "value_set", "system", "code").agg(
        F.max("display").alias("display"), F.count("*").alias("rows")
    )
    return conform(counted.withColumn("run_id", F.lit(run_id)), GOLD_UNMAPPED_CODE)


def _classes(live: DataFrame) -> DataFrame:
    return live.filter(F.col("class_kind").isNull()).select(
        "source",
        F.lit(CLASS).alias("value_set"),
        _known(F.col("class_system")).alias("system"),
        _known(F.col("class_code")).alias("code"),
        F.col("class_display").alias("display"),
    )


def _dispositions(live: DataFrame, stays: DataFrame) -> DataFrame:
    of_stays = stays.select("source", F.explode("encounter_ids").alias("id"))
    flagged = live.filter(F.array_contains("quality_flags", "disposition_unmapped"))
    codings = flagged.join(of_stays, ["source", "id"], how="left_semi").select(
        "source", F.explode("dispositions").alias("coding")
    )
    return codings.select(
        "source",
        F.lit(DISPOSITION).alias("value_set"),
        _known(F.col("coding.system")).alias("system"),
        _known(F.col("coding.code")).alias("code"),
        F.col("coding.display").alias("display"),
    )


def _known(text: Column) -> Column:
    """Return a text, or `(none)` if it is empty, since Hudi 0.15 does not allow empty parts of a key."""
    return F.when(text != "", text).otherwise(F.lit(NONE))
