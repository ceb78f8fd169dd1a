"""The three stages in one process, without notebooks, for sources without configuration."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from pyspark.sql import SparkSession

from metriccare.definitions.sources import NONE
from metriccare.definitions.tables import INFECTION_EVENT, PATIENT_DAY, STAY_MEASURE
from metriccare.pipeline.stages import bronze, gold, silver
from metriccare.quality import Reconciliation
from metriccare.settings import Lake

BY_STAY = (INFECTION_EVENT, STAY_MEASURE, PATIENT_DAY)


def received(number: int) -> datetime:
    """Return when a delivery was received: it orders what carries no stamp, so it must not depend on the clock."""
    return datetime(2026, 6, 1, tzinfo=UTC) + timedelta(days=number)


def take(spark: SparkSession, raw: Path, lake: Lake, run_id: str, number: int = 0) -> None:
    """Bring bronze up to date with the raw folder, whose newest delivery has this number."""
    bronze.run(spark, lake, str(raw), received(number), run_id=run_id)


def refine(
    spark: SparkSession, lake: Lake, run_id: str, *, full_refresh: bool = False
) -> silver.SilverChanges:
    """Bring silver up to date with bronze."""
    return silver.run(spark, lake, NONE, full_refresh=full_refresh, run_id=run_id)


def count(spark: SparkSession, lake: Lake, run_id: str, as_of: str = "") -> Reconciliation:
    """Bring gold up to date with silver."""
    return gold.run(spark, lake, NONE, datetime.now(UTC), as_of=as_of, run_id=run_id).account


def run(spark: SparkSession, raw: Path, lake: Lake, run_id: str, number: int = 0) -> Reconciliation:
    """Do all three."""
    take(spark, raw, lake, run_id, number)
    refine(spark, lake, run_id)
    return count(spark, lake, run_id)
