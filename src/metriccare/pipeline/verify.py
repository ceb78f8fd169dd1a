"""`metriccare verify`: silver and gold rebuilt from bronze beside the lake, and compared row for row (invariant 4)."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from metriccare.definitions.sources import Sources
from metriccare.definitions.tables import TABLES, Table, Verified
from metriccare.errors import LakeError
from metriccare.lake import tables
from metriccare.lake.storage import local_folder
from metriccare.pipeline import stages
from metriccare.pipeline.stage_writer import begin
from metriccare.pipeline.watermarks import is_gold_behind, is_interrupted
from metriccare.quality.difference import same
from metriccare.settings import Lake

NOT_COMPARED = ("run_id", "batch_id", "received_at")
COMPARED = tuple(table for table in TABLES.values() if table.verified != Verified.NONE)
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Verification:
    """What a comparison found.

    Attributes:
        as_of: the cut that gold stands at.
        tables: how many tables were compared.
        differences: a sentence per table and kind of difference; none if all rows are the same.
    """

    as_of: str
    tables: int
    differences: tuple[str, ...]


def verify(
    spark: SparkSession, lake: Lake, sources: Sources, *, ledger: str = "", progress: Progress | None = None
) -> Verification:
    """Rebuild silver and gold from what silver has read of bronze, and compare.

    The lake is not changed; nobody can write silver or gold meanwhile. The rebuilt tables lie in a folder of the
    lake until the comparison ends.

    Raises:
        LakeError: the lake is on an object store, or gold has not come to its end yet.
        StageBusyError: somebody is writing silver or gold.
    """
    tell = progress or (lambda _: None)
    stage = begin("gold", lake, f"verify-{datetime.now(UTC):%Y%m%dT%H%M%SZ}", ledger)
    try:
        upstream, state = stage.ledger.state("silver"), stage.state()
        _check_complete(lake, upstream, state)
        as_of = str(state["as_of"])
        with _beside(lake, stage.run_id) as rebuilt:
            tell("rebuilding silver")
            _rebuild_silver(spark, rebuilt, sources, str(upstream["bronze_instant"]))
            tell("rebuilding gold")
            _rebuild_gold(spark, rebuilt, sources, as_of)
            found = list(_compare(spark, lake, rebuilt, as_of, tell))
    finally:
        stage.close()
    return Verification(as_of, len(COMPARED), tuple(found))


def _check_complete(lake: Lake, silver: dict[str, object], gold: dict[str, object]) -> None:
    is_half_done = is_interrupted(silver) or is_interrupted(gold)
    if not silver or not gold or is_gold_behind(silver, gold) or is_half_done:
        raise LakeError(
            f"Gold of the lake {lake.root} is behind silver: run `metriccare run` first, then verify."
        )


@contextmanager
def _beside(lake: Lake, run_id: str) -> Iterator[Lake]:
    """Give a lake that has the bronze of this one and nothing else yet; it goes at the end."""
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


def _rebuild_silver(spark: SparkSession, lake: Lake, sources: Sources, until: str) -> None:
    stage = begin("silver", lake, "rebuilt")
    try:
        news = replace(stages.silver_news(spark, stage, sources), until=until)
        stages.refresh_resources(spark, stage, news, sources)
        stages.refresh_stays(spark, stage, news, sources)
        stages.note_silver(spark, stage, news)
    finally:
        stage.close()


def _rebuild_gold(spark: SparkSession, lake: Lake, sources: Sources, as_of: str) -> None:
    stage = begin("gold", lake, "rebuilt")
    try:
        news = stages.gold_news(spark, stage, as_of)
        stages.refresh_decisions(spark, stage, news, sources)
        stages.refresh_results(spark, stage, news, datetime.now(UTC))
    finally:
        stage.close()


def _compare(spark: SparkSession, lake: Lake, rebuilt: Lake, as_of: str, tell: Progress) -> Iterator[str]:
    for table in COMPARED:
        tell(f"comparing {table}")
        found, expected = (_rows(spark, one, table, as_of) for one in (lake, rebuilt))
        for sentence in same(found, expected, list(table.key), NOT_COMPARED):
            yield f"{table}: {sentence}"


def _rows(spark: SparkSession, lake: Lake, table: Table, as_of: str) -> DataFrame:
    rows = tables.read(spark, lake, table)
    is_at_as_of = F.col("as_of") == F.lit(as_of).cast("date")
    return rows.filter(is_at_as_of) if table.verified == Verified.AT_AS_OF else rows
