"""The numbers over all decisions, the account of all input, and what is published."""

from collections.abc import Mapping
from datetime import datetime

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from metriccare import measures, quality
from metriccare.definitions.tables import (
    COVERAGE,
    INFECTION_EVENT,
    MEASURE_PUBLISHED,
    MEASURE_RESULT,
    PATIENT_DAY,
    RECORD,
    RESOURCES,
    RUN,
    STAY,
    STAY_MEASURE,
    UNMAPPED_CODE,
)
from metriccare.lake import tables, timeline
from metriccare.pipeline.stage_writer import Stage
from metriccare.pipeline.stages.gold_changes import GoldNews
from metriccare.runtime.parallel import run_parallel

BY_STAY = (INFECTION_EVENT, STAY_MEASURE, PATIENT_DAY)


def refresh_results(
    spark: SparkSession, stage: Stage, news: GoldNews, run_at: datetime
) -> quality.Reconciliation:
    """Sum the numbers, account for every piece of input, and publish; return the account.

    Raises:
        ReconciliationError: it does not add up; nothing is published.
    """
    lake, run = stage.lake, stage.run_id
    resources = {kind: tables.read(spark, lake, table) for kind, table in RESOURCES.items()}
    stays = tables.read(spark, lake, STAY)
    if news.has_changes:
        _sum_up(spark, stage, news, resources, stays)
    results = tables.read(spark, lake, MEASURE_RESULT).filter(F.col("as_of") == F.lit(news.as_of))
    account = quality.reconcile(
        timeline.read_until(spark, lake, RECORD, news.bronze_instant),
        resources,
        stays,
        results,
        run_id=run,
        run_at=run_at,
        as_of=news.as_of,
        definition_version=measures.DEFINITION_VERSION,
    )
    account.check()
    if news.has_changes:
        shown = measures.published(results, account.is_synthetic)
        tables.replace_partitions(shown, lake, MEASURE_PUBLISHED, run, guard=stage.check)
    if news.has_changes or news.has_news:
        tables.append(account.to_frame(spark), lake, RUN, run, guard=stage.check)
    return account


def _sum_up(
    spark: SparkSession, stage: Stage, news: GoldNews, resources: Mapping[str, DataFrame], stays: DataFrame
) -> None:
    """Write what is counted over all rows: the results, what the data support, the codes that no map knows."""
    lake, run = stage.lake, stage.run_id
    events, decided, days = (tables.read(spark, lake, table) for table in BY_STAY)

    def results() -> None:
        rows = measures.measure_results(
            decided, events, days, stays, resources["Organization"], news.as_of, run
        )
        tables.replace_partitions(rows, lake, MEASURE_RESULT, run, guard=stage.check)

    def coverage() -> None:
        rows = quality.coverage(resources, stays, events, run)
        tables.replace(rows, lake, COVERAGE, run, guard=stage.check)

    def unmapped() -> None:
        rows = quality.unmapped_codes(resources["Encounter"], stays, run)
        tables.replace(rows, lake, UNMAPPED_CODE, run, guard=stage.check)

    run_parallel((results, coverage, unmapped))
