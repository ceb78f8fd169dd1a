"""The results over all decisions, the reconciliation of all input, and what is published."""

import logging
from collections.abc import Mapping
from datetime import datetime

from pyspark.sql import DataFrame
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
from metriccare.pipeline.stage_writer import StageWriter
from metriccare.pipeline.stages.gold_changes import GoldChanges
from metriccare.runtime.parallel import run_parallel

log = logging.getLogger(__name__)

BY_STAY = (INFECTION_EVENT, STAY_MEASURE, PATIENT_DAY)


def refresh_results(writer: StageWriter, changes: GoldChanges, run_at: datetime) -> quality.Reconciliation:
    """Compute the results, account for every input record, and publish; return the reconciliation.

    Args:
        writer: of gold.
        changes: what gold has to do.
        run_at: now, UTC.

    Raises:
        ReconciliationError: it does not add up; nothing is published.
    """
    lake = writer.lake
    resources = {kind: lake.read(table) for kind, table in RESOURCES.items()}
    stays = lake.read(STAY)
    if changes.has_changes:
        _sum_up(writer, changes, resources, stays)
    results = lake.read(MEASURE_RESULT).filter(F.col("as_of") == F.lit(changes.as_of))
    account = quality.reconcile(
        lake.read_until(RECORD, changes.bronze_instant),
        resources,
        stays,
        results,
        run_id=writer.run_id,
        run_at=run_at,
        as_of=changes.as_of,
        definition_version=measures.DEFINITION_VERSION,
    )
    _log(account)
    account.check()
    if changes.has_changes:
        writer.replace_partitions(MEASURE_PUBLISHED, measures.published(results, account.is_synthetic))
    if changes.has_changes or changes.has_new_records:
        writer.append(RUN, account.to_frame(writer.spark))
    return account


def _sum_up(
    writer: StageWriter, changes: GoldChanges, resources: Mapping[str, DataFrame], stays: DataFrame
) -> None:
    """Write what is counted over all rows: the results, the data coverage, the codes that are not mapped."""
    run_id = writer.run_id
    events, decided, days = (writer.lake.read(table) for table in BY_STAY)

    def results() -> None:
        rows = measures.measure_results(
            decided, events, days, stays, resources["Organization"], changes.as_of, run_id
        )
        writer.replace_partitions(MEASURE_RESULT, rows)

    def coverage() -> None:
        writer.replace(COVERAGE, quality.coverage(resources, stays, events, run_id))

    def unmapped() -> None:
        writer.replace(UNMAPPED_CODE, quality.unmapped_codes(resources["Encounter"], stays, run_id))

    run_parallel((results, coverage, unmapped))


def _log(account: quality.Reconciliation) -> None:
    counts = {name: getattr(account, name) for name in ("files", "records", "stays", "results")}
    log.info("reconcile", extra=counts | {"quarantined": sum(account.quarantined.values())})
