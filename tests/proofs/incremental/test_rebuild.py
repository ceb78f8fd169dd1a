"""When a stage rebuilds its tables instead of taking what is new, and that it says why."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession
from tests.proofs.incremental.feeding import Fed

from metriccare import silver as silver_layer
from metriccare.definitions.sources import NONE, Source, Sources
from metriccare.definitions.tables import COVERAGE, ORGANIZATION
from metriccare.errors import LakeError
from metriccare.pipeline import fingerprints
from metriccare.pipeline.checkpoints import GoldCheckpoint, SilverCheckpoint, load_checkpoint
from metriccare.pipeline.stage import Stage
from metriccare.pipeline.stage_writer import StageWriter, open_stage
from metriccare.pipeline.stages import gold, silver
from metriccare.settings import Lake

LONG_AGO = "20200101000000000"


@pytest.fixture(scope="module")
def lake(fed: Fed, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """Return a lake of which bronze, silver and gold are in step."""
    copy = Lake(str(tmp_path_factory.mktemp("rebuild") / "lake"))
    shutil.copytree(fed.lake.root, copy.root)
    return copy


@pytest.fixture(params=[SilverCheckpoint, GoldCheckpoint], ids=lambda kind: kind.STAGE)
def writer(request: pytest.FixtureRequest, spark: SparkSession, lake: Lake) -> Iterator[StageWriter]:
    """Open a stage; its checkpoint is restored at the end."""
    with open_stage(spark, request.param.STAGE, lake, "test") as opened:
        before = opened.load(request.param)
        yield opened
        opened.save(before)


def is_silver(writer: StageWriter) -> bool:
    return writer.stage.name == "silver"


def saved(writer: StageWriter) -> SilverCheckpoint | GoldCheckpoint:
    return writer.load(SilverCheckpoint) if is_silver(writer) else writer.load(GoldCheckpoint)


def changes(writer: StageWriter, sources: Sources = NONE, full_refresh: bool = False) -> Any:
    if is_silver(writer):
        return silver.find_changes(writer, sources, full_refresh=full_refresh)
    return gold.find_changes(writer, full_refresh=full_refresh)


def test_a_stage_in_step_has_nothing_to_do(writer: StageWriter) -> None:
    found = changes(writer)
    assert not found.is_rebuild
    assert found.is_empty if is_silver(writer) else not found.has_changes


def test_an_instant_that_left_the_timeline_is_named(writer: StageWriter) -> None:
    key = "bronze_instant" if is_silver(writer) else "change_instant"
    writer.save(replace(saved(writer), **{key: LONG_AGO}))
    found = changes(writer)
    assert found.is_rebuild
    assert f"commit {LONG_AGO} of" in found.sentence
    assert "was archived or deleted" in found.sentence


def test_a_rebuild_that_was_interrupted_is_begun_again(writer: StageWriter) -> None:
    writer.save(replace(saved(writer), is_rebuilding=True))
    assert "an earlier rebuild was interrupted" in changes(writer).sentence


def test_somebody_can_ask_for_it(writer: StageWriter) -> None:
    assert "requested by full_refresh" in changes(writer, full_refresh=True).sentence


def test_what_changed_besides_the_records_is_named(writer: StageWriter) -> None:
    known = saved(writer).fingerprints
    name = "the codes of encounter_class" if is_silver(writer) else "the definition of the measures"
    writer.save(replace(saved(writer), fingerprints=known | {name: "of another version"}))
    assert f"{name} changed" in changes(writer).sentence


def test_a_table_that_is_missing_is_named(writer: StageWriter) -> None:
    table = ORGANIZATION if is_silver(writer) else COVERAGE
    folder = Path(writer.lake.path(table))
    folder.rename(folder.with_suffix(".away"))
    try:
        assert f"the table {table} is missing" in changes(writer).sentence
    finally:
        folder.with_suffix(".away").rename(folder)


def test_another_zone_or_map_has_another_fingerprint() -> None:
    before = fingerprints.silver_fingerprints(NONE)
    berlin = fingerprints.silver_fingerprints(Sources(timezone="Europe/Berlin"))
    north = fingerprints.silver_fingerprints(Sources({"north": Source(has_dispositions=True)}))
    assert fingerprints.changed(before, before) == []
    assert fingerprints.changed(before, berlin) == ["the time zone"]
    assert fingerprints.changed(before, north) == ["the source north"]
    assert fingerprints.changed(north, before) == ["the source north"]


def test_every_code_list_has_a_fingerprint_in_one_stage() -> None:
    parts = fingerprints.silver_fingerprints(NONE).keys() | fingerprints.gold_fingerprints("x").keys()
    from metriccare.definitions import value_sets

    assert {f"the codes of {name}" for name in value_sets.names()} <= parts


def test_what_silver_reads_is_no_list_of_gold_alone() -> None:
    """A change of a list that silver reads rebuilds silver, and with it gold."""
    folder = Path(silver_layer.__file__).parent
    texts = " ".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    assert not [name for name in fingerprints.GOLD_ONLY if f'"{name}"' in texts]


def test_gold_waits_for_a_silver_that_is_complete(spark: SparkSession, lake: Lake) -> None:
    with Stage("silver", lake, "test") as stage:
        before = load_checkpoint(stage.ledger, SilverCheckpoint)
        stage.save(replace(before, is_rebuilding=True))
    try:
        with (
            open_stage(spark, "gold", lake, "test") as writer,
            pytest.raises(LakeError, match=r"Silver of the lake .* is not complete: run `metriccare run`"),
        ):
            gold.find_changes(writer)
    finally:
        with Stage("silver", lake, "test") as stage:
            stage.save(before)
