"""`metriccare verify`: rebuilds silver and gold from bronze in a temporary lake, and compares row by row."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from metriccare.definitions.sources import Sources
from metriccare.definitions.tables import TABLES, Table, Verified
from metriccare.errors import LakeError
from metriccare.lake.storage import local_folder
from metriccare.lake.tables import SparkLake
from metriccare.pipeline.checkpoints import GoldCheckpoint, SilverCheckpoint, load_checkpoint
from metriccare.pipeline.stage import Stage
from metriccare.pipeline.stages import gold, silver
from metriccare.quality.difference import same
from metriccare.settings import Lake

NOT_COMPARED = ("run_id", "batch_id", "received_at")
COMPARED = tuple(table for table in TABLES.values() if table.verified != Verified.NONE)
REBUILD = "rebuild"  # the run id of the rebuilt rows
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Verification:
    """What a comparison found.

    Attributes:
        as_of: the last day that counts in gold.
        tables: how many tables were compared.
        differences: a sentence per table and kind of difference; none if all rows are the same.
    """

    as_of: str
    tables: int
    differences: tuple[str, ...]


def verify(
    spark: SparkSession,
    lake: Lake,
    sources: Sources,
    *,
    ledger_url: str = "",
    progress: Progress | None = None,
) -> Verification:
    """Rebuild silver and gold from what silver has read of bronze, and compare.

    The lake is not changed; no other process can write silver or gold meanwhile. The rebuilt tables are in a folder of
    the lake until the comparison ends.

    Raises:
        LakeError: the lake is on an object store, or gold is not complete.
        StageBusyError: another process is writing silver or gold.
    """
    report = progress or (lambda _: None)
    with Stage("gold", lake, f"verify-{datetime.now(UTC):%Y%m%dT%H%M%SZ}", ledger_url) as stage:
        upstream = load_checkpoint(stage.ledger, SilverCheckpoint)
        checkpoint = load_checkpoint(stage.ledger, GoldCheckpoint)
        _check_complete(lake, upstream, checkpoint)
        as_of = checkpoint.as_of
        with _beside(lake, stage.run_id) as rebuilt:
            report("rebuilding silver")
            silver.run(spark, rebuilt, sources, to_instant=upstream.bronze_instant, run_id=REBUILD)
            report("rebuilding gold")
            gold.run(spark, rebuilt, sources, datetime.now(UTC), as_of=as_of, run_id=REBUILD)
            found = list(_compare(spark, lake, rebuilt, as_of, report))
    return Verification(as_of, len(COMPARED), tuple(found))


def _check_complete(lake: Lake, silver: SilverCheckpoint, gold: GoldCheckpoint) -> None:
    is_half_done = silver.is_interrupted or gold.is_interrupted
    is_complete = silver.has_completed and gold.has_completed and not is_half_done
    if not is_complete or gold.is_behind(silver):
        raise LakeError(
            f"Gold of the lake {lake.root} is behind silver: run `metriccare run` first, then verify."
        )


@contextmanager
def _beside(lake: Lake, run_id: str) -> Iterator[Lake]:
    """Give a lake that has the bronze of this one and nothing else yet; it is deleted at the end."""
    root = local_folder(lake, "verify a copy of it on a disk")
    folder = root / ".verify" / run_id
    folder.mkdir(parents=True)
    try:
        (folder / "bronze").symlink_to(root / "bronze", target_is_directory=True)
        yield Lake(str(folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        with suppress(OSError):
            folder.parent.rmdir()  # the last one leaves nothing


def _compare(spark: SparkSession, lake: Lake, rebuilt: Lake, as_of: str, report: Progress) -> Iterator[str]:
    for table in COMPARED:
        report(f"comparing {table}")
        found, expected = (_rows(spark, one, table, as_of) for one in (lake, rebuilt))
        for sentence in same(found, expected, list(table.key), NOT_COMPARED):
            yield f"{table}: {sentence}"


def _rows(spark: SparkSession, lake: Lake, table: Table, as_of: str) -> DataFrame:
    rows = SparkLake(spark, lake).read(table)
    is_at_as_of = F.col("as_of") == F.lit(as_of).cast("date")
    return rows.filter(is_at_as_of) if table.verified == Verified.AT_AS_OF else rows
