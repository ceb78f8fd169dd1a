"""When a stage makes its tables anew instead of taking what is new, and that it says why."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession
from tests.proofs.incremental.feeding import Fed

from metriccare.definitions.sources import NONE, Source, Sources
from metriccare.definitions.tables import COVERAGE, ORGANIZATION
from metriccare.errors import LakeError
from metriccare.pipeline import fingerprints, stages
from metriccare.pipeline.stage_writer import Stage, begin
from metriccare.settings import Lake

LONG_AGO = "20200101000000000"


@pytest.fixture(scope="module")
def lake(fed: Fed, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """Return a lake of which bronze, silver and gold are in step."""
    copy = Lake(str(tmp_path_factory.mktemp("rebuild") / "lake"))
    shutil.copytree(fed.lake.root, copy.root)
    return copy


@pytest.fixture(params=["silver", "gold"])
def stage(request: pytest.FixtureRequest, lake: Lake) -> Iterator[Stage]:
    """Open a stage; what it notes is taken back at the end."""
    opened = begin(request.param, lake, "test")
    before = opened.state()
    yield opened
    opened.note(before)
    opened.close()


def news(spark: SparkSession, stage: Stage, sources: Sources = NONE, full_refresh: bool = False) -> Any:
    if stage.name == "silver":
        return stages.silver_news(spark, stage, sources, full_refresh=full_refresh)
    return stages.gold_news(spark, stage, full_refresh=full_refresh)


def test_a_stage_in_step_has_nothing_to_do(spark: SparkSession, stage: Stage) -> None:
    found = news(spark, stage)
    assert not found.is_rebuild
    assert found.is_empty if stage.name == "silver" else not found.has_changes


def test_a_place_that_left_the_timeline_is_told(spark: SparkSession, stage: Stage) -> None:
    key = "bronze_instant" if stage.name == "silver" else "change_instant"
    stage.note(stage.state() | {key: LONG_AGO})
    found = news(spark, stage)
    assert found.is_rebuild
    assert f"the commit {LONG_AGO} of" in found.sentence
    assert "is archived or gone" in found.sentence


def test_a_rebuild_that_did_not_end_is_begun_again(spark: SparkSession, stage: Stage) -> None:
    stage.note(stage.state() | {"is_rebuilding": True})
    assert "an earlier rebuild did not come to its end" in news(spark, stage).sentence


def test_somebody_can_ask_for_it(spark: SparkSession, stage: Stage) -> None:
    assert "asked for by full_refresh" in news(spark, stage, full_refresh=True).sentence


def test_other_rules_are_named(spark: SparkSession, stage: Stage) -> None:
    known = stage.state()["rules"]
    name = "the codes of encounter_class" if stage.name == "silver" else "the definition of the measures"
    stage.note(stage.state() | {"rules": known | {name: "of another version"}})
    assert f"{name} changed" in news(spark, stage).sentence


def test_a_table_that_is_missing_is_named(spark: SparkSession, stage: Stage) -> None:
    table = ORGANIZATION if stage.name == "silver" else COVERAGE
    folder = Path(table.path(stage.lake.root))
    folder.rename(folder.with_suffix(".away"))
    try:
        assert f"the table {table} is missing" in news(spark, stage).sentence
    finally:
        folder.with_suffix(".away").rename(folder)


def test_another_zone_or_map_is_another_rule() -> None:
    before = fingerprints.silver_rules(NONE)
    berlin = fingerprints.silver_rules(Sources(timezone="Europe/Berlin"))
    north = fingerprints.silver_rules(Sources({"north": Source(has_dispositions=True)}))
    assert fingerprints.changed(before, before) == []
    assert fingerprints.changed(before, berlin) == ["the time zone"]
    assert fingerprints.changed(before, north) == ["the source north"]
    assert fingerprints.changed(north, before) == ["the source north"]


def test_every_code_list_is_a_rule_of_one_stage() -> None:
    parts = fingerprints.silver_rules(NONE).keys() | fingerprints.gold_rules("x").keys()
    from metriccare.definitions import value_sets

    assert {f"the codes of {name}" for name in value_sets.names()} <= parts


def test_what_silver_reads_is_no_list_of_gold_alone() -> None:
    """A list that silver reads makes silver anew, and with it gold."""
    folder = Path(stages.__file__).parents[2] / "silver"
    texts = " ".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    assert not [name for name in fingerprints.GOLD_ONLY if f'"{name}"' in texts]


def test_gold_waits_for_a_silver_that_is_whole(spark: SparkSession, lake: Lake) -> None:
    silver = begin("silver", lake, "test")
    before = silver.state()
    silver.note(before | {"is_rebuilding": True})
    silver.close()
    gold = begin("gold", lake, "test")
    try:
        with pytest.raises(LakeError, match=r"Silver of the lake .* is not complete: run `metriccare run`"):
            stages.gold_news(spark, gold)
    finally:
        gold.close()
        silver = begin("silver", lake, "test")
        silver.note(before)
        silver.close()
