"""A replayed record is as if it had come so at first: in bronze, in silver, in gold and in the account."""

import json
import shutil
from dataclasses import dataclass, fields

import pytest
from pyspark.sql import SparkSession
from tests.pipeline.quarantine.deliveries import OLD_REASON, Made
from tests.pipeline.quarantine.records import command
from tests.proofs.incremental import stages
from tests.proofs.incremental.test_killed import differences

from metriccare import quality
from metriccare.definitions.sources import NONE
from metriccare.definitions.tables import RECORD
from metriccare.lake.ledger import open_ledger
from metriccare.lake.tables import SparkLake
from metriccare.pipeline.plan import silver_work
from metriccare.pipeline.verify import verify
from metriccare.quality.difference import same
from metriccare.quality.replayed import KEY
from metriccare.reporting.status import read_status
from metriccare.reporting.status.model import Quarantined
from metriccare.settings import Lake

pytestmark = pytest.mark.long  # two lakes in all three stages; what a replay appends is tested in test_bundle

Account = quality.Reconciliation
OF_THE_RUN = ("run_id", "run_at")


@dataclass
class Replayed:
    """The late lake, in which silver had been made before its records were replayed.

    Attributes:
        lake: the lake.
        account: after the replay.
        said: what the command printed the first and the second time.
        work: what the next run had to do with silver.
    """

    lake: Lake
    account: Account
    said: tuple[str, str]
    work: str


@pytest.fixture(scope="module")
def replayed(spark: SparkSession, made: Made, tmp_path_factory: pytest.TempPathFactory) -> Replayed:
    lake = Lake(str(tmp_path_factory.mktemp("replayed") / "lake"))
    shutil.copytree(made.late.root, lake.root)
    stages.refine(spark, lake, "before")
    said = command(lake, "replay", "--all").output, command(lake, "replay", "--all").output
    work = silver_work(open_ledger(lake), NONE)
    assert not stages.refine(spark, lake, "after").is_rebuild
    return Replayed(lake, stages.count(spark, lake, "after"), said, work)


@pytest.fixture(scope="module")
def first(spark: SparkSession, made: Made, tmp_path_factory: pytest.TempPathFactory) -> tuple[Lake, Account]:
    lake = Lake(str(tmp_path_factory.mktemp("first") / "lake"))
    shutil.copytree(made.first.root, lake.root)
    stages.refine(spark, lake, "first")
    return lake, stages.count(spark, lake, "first")


def test_silver_and_gold_are_as_if_the_records_had_been_read_at_first(
    spark: SparkSession, replayed: Replayed, first: tuple[Lake, Account]
) -> None:
    assert differences(spark, replayed.lake, first[0], ("silver", "gold")) == []


def test_bronze_holds_what_came_so_at_first_and_beside_it_what_was_refused(
    spark: SparkSession, replayed: Replayed, first: tuple[Lake, Account]
) -> None:
    found, expected = (SparkLake(spark, lake).read(RECORD) for lake in (replayed.lake, first[0]))
    key = [*KEY, "resource_type"]  # of the table: its partition is part of it
    gone = quality.replayed(found).selectExpr(*KEY, "'_quarantine' AS resource_type")
    assert same(found.join(gone, key, how="left_anti"), expected, key, ("batch_id",)) == []
    assert gone.count() == 3
    assert found.count() == expected.count() + 3


def test_the_account_counts_them_as_accepted_and_adds_up(
    replayed: Replayed, first: tuple[Lake, Account]
) -> None:
    assert replayed.account.quarantined == {"not_json": 1, "not_utf8": 1}
    for field in fields(Account):
        if field.name not in OF_THE_RUN:
            assert getattr(replayed.account, field.name) == getattr(first[1], field.name), field.name


def test_a_rebuild_makes_the_same(spark: SparkSession, replayed: Replayed) -> None:
    assert verify(spark, replayed.lake, NONE).differences == ()


def test_the_command_says_what_it_did_and_what_is_next(replayed: Replayed) -> None:
    accepted, refused, *rest = replayed.said[0].splitlines()
    assert accepted.startswith("3 quarantined records were accepted now: 4 in bronze, as batch replay-")
    assert accepted.endswith("`metriccare run` processes them in silver and gold.")
    assert refused.startswith("2 quarantined records were refused again: not_json 1, not_utf8 1.")
    assert rest == []
    assert replayed.work == "bronze is ahead"


def test_a_second_replay_finds_only_what_was_refused_again(replayed: Replayed) -> None:
    (refused,) = replayed.said[1].splitlines()
    assert refused.startswith("2 quarantined records were refused again")


def test_the_outcome_of_a_replay_is_reported(replayed: Replayed) -> None:
    assert read_status(replayed.lake).quarantine == (
        Quarantined(OLD_REASON, open=0, replayed=3, dismissed=0),
        Quarantined("not_json", open=1, replayed=0, dismissed=0),
        Quarantined("not_utf8", open=1, replayed=0, dismissed=0),
    )
    listed = json.loads(command(replayed.lake, "list", "--state", "replayed", "--format", "json").stdout)
    assert listed["by_reason"] == {OLD_REASON: 3}
    shown = command(replayed.lake, "show", listed["records"][0]["id"]).output
    assert "\nState:      replayed on " in shown
    assert " UTC: accepted by replay-" in shown
