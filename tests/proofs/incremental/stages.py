"""The three stages in one process, without notebooks: what the notebooks call, in their order."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from pyspark.sql import SparkSession

from metriccare import quality
from metriccare.definitions.sources import NONE
from metriccare.lake.raw_files import list_files
from metriccare.pipeline import stages
from metriccare.pipeline.stage_writer import begin
from metriccare.pipeline.stages import bronze
from metriccare.settings import Lake


def received(number: int) -> datetime:
    """Return when a delivery was received: it orders what carries no stamp, so it must not depend on the clock."""
    return datetime(2026, 6, 1, tzinfo=UTC) + timedelta(days=number)


def take(spark: SparkSession, raw: Path, lake: Lake, run_id: str, number: int = 0) -> None:
    """Bring bronze up to date with the raw folder, whose newest delivery has this number."""
    stage = begin("bronze", lake, run_id)
    try:
        bronze.settle(spark, stage)
        files = list_files(str(raw))
        bronze.receive(stage, files, received(number))
        bronze.take(spark, stage, bronze.claim(spark, stage, files))
    finally:
        stage.close()


def refine(spark: SparkSession, lake: Lake, run_id: str, *, full_refresh: bool = False) -> stages.SilverNews:
    """Bring silver up to date with bronze."""
    stage = begin("silver", lake, run_id)
    try:
        news = stages.silver_news(spark, stage, NONE, full_refresh=full_refresh)
        stages.refresh_resources(spark, stage, news, NONE)
        stages.refresh_stays(spark, stage, news, NONE)
        stages.note_silver(spark, stage, news)
        return news
    finally:
        stage.close()


def count(spark: SparkSession, lake: Lake, run_id: str, as_of: str = "") -> quality.Reconciliation:
    """Bring gold up to date with silver."""
    stage = begin("gold", lake, run_id)
    try:
        news = stages.gold_news(spark, stage, as_of)
        stages.refresh_decisions(spark, stage, news, NONE)
        account = stages.refresh_results(spark, stage, news, datetime.now(UTC))
        stages.note_gold(stage, news)
        return account
    finally:
        stage.close()


def run(spark: SparkSession, raw: Path, lake: Lake, run_id: str, number: int = 0) -> quality.Reconciliation:
    """Do all three."""
    take(spark, raw, lake, run_id, number)
    refine(spark, lake, run_id)
    return count(spark, lake, run_id)
