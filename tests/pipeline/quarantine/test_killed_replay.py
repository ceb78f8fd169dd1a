"""A replay that dies at any of its steps loses nothing and doubles nothing."""

import os
import signal
import subprocess
import sys
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pyspark.sql import SparkSession
from tests.pipeline.quarantine.deliveries import OLD_REASON

from metriccare.definitions.tables import RECORD
from metriccare.lake.ledger import open_ledger
from metriccare.lake.ledger.dynamodb_store import create_table
from metriccare.lake.tables import SparkLake
from metriccare.pipeline.checkpoints import BronzeCheckpoint, load_checkpoint
from metriccare.pipeline.plan import bronze_work
from metriccare.pipeline.quarantine import replay as replaying
from metriccare.pipeline.quarantine.read import read_quarantine
from metriccare.pipeline.quarantine.replay import Replay, replay
from metriccare.pipeline.stage import Stage
from metriccare.pipeline.stage_writer import open_stage
from metriccare.pipeline.stages import bronze
from metriccare.settings import Lake

NOW = datetime(2026, 11, 2, tzinfo=UTC)
ALL_OPEN = {"open": 5}
DONE = {"replayed": 3, "open": 2}


class Killed(BaseException):
    """What ends a process at once, so that nothing more of it is done."""


@pytest.fixture(params=["sqlite", "dynamodb"])
def ledger_url(request: pytest.FixtureRequest, lake: Lake, tmp_path: Path) -> str:
    """Return the URL of the lake's ledger; empty for the file in it."""
    if request.param == "sqlite":
        return ""
    request.getfixturevalue("aws")
    create_table(tmp_path.name)
    url = f"dynamodb://{tmp_path.name}?lake={lake.root}"
    with Stage("bronze", lake, "run-1", url) as stage:
        stage.save(BronzeCheckpoint("1"))
    return url


def do(spark: SparkSession, lake: Lake, ledger_url: str = "") -> Replay:
    with open_stage(spark, "bronze", lake, "again", ledger_url) as writer:
        return replay(writer, read_quarantine(lake, ledger_url), NOW)


def die_before(step: str, spark: SparkSession, lake: Lake, ledger_url: str = "") -> None:
    """Replay all that is open, and come to the step but not into it."""

    def die(*_: object, **__: object) -> None:
        raise Killed

    with pytest.MonkeyPatch.context() as patch, pytest.raises(Killed):
        patch.setattr(replaying, step, die)
        do(spark, lake, ledger_url)


def kill_before_finish(lake: Lake) -> None:
    """Replay all that is open in a process of its own, which dies between the commit and the states."""
    code = (
        "import os, signal\n"
        "from metriccare.cli import main\n"
        "from metriccare.pipeline.quarantine import replay\n"
        "replay.finish = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        f"main(['quarantine', 'replay', '--all', '--lake', {lake.root!r}])\n"
    )
    child = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"METRICCARE_DRIVER_MEMORY": "1g"},
        check=False,
        start_new_session=True,
        timeout=300,
    )
    assert child.returncode == -signal.SIGKILL


def recovered_by_a_run(spark: SparkSession, lake: Lake) -> list[str]:
    with open_stage(spark, "bronze", lake, "run-9") as writer:
        return bronze.recover_batches(writer)


def states(lake: Lake, ledger_url: str = "") -> Counter[str]:
    return Counter(record.state.value for record in read_quarantine(lake, ledger_url))


def accepted(spark: SparkSession, lake: Lake) -> list[tuple[str, str]]:
    rows = SparkLake(spark, lake).read(RECORD).filter("resource_type != '_quarantine'").collect()
    return sorted((row.file_version, row.position) for row in rows)


def checkpoint(lake: Lake, ledger_url: str = "") -> BronzeCheckpoint:
    with closing(open_ledger(lake, ledger_url)) as opened:
        return load_checkpoint(opened, BronzeCheckpoint)


def test_one_that_died_before_its_states_were_set_is_not_repeated(
    spark: SparkSession, lake: Lake, ledger_url: str
) -> None:
    before, brought = accepted(spark, lake), checkpoint(lake, ledger_url)
    die_before("finish", spark, lake, ledger_url)
    appended = accepted(spark, lake)
    assert len(appended) == len(before) + 4
    assert states(lake, ledger_url) == ALL_OPEN

    again = do(spark, lake, ledger_url)
    assert again.recovered[0].startswith("Replay replay-again was committed as ")
    assert again.recovered[0].endswith(": 3 records are replayed.")
    assert (again.accepted, again.refused) == (0, {"not_json": 1, "not_utf8": 1})
    assert accepted(spark, lake) == appended
    assert states(lake, ledger_url) == DONE
    latest = SparkLake(spark, lake).latest_commit(RECORD)
    assert checkpoint(lake, ledger_url) == replace(brought, watermark=latest)  # a replay brings no records


@pytest.mark.long
def test_one_whose_process_was_killed_is_not_repeated_either(spark: SparkSession, lake: Lake) -> None:
    before = accepted(spark, lake)
    kill_before_finish(lake)
    appended = accepted(spark, lake)
    assert (len(appended), states(lake)) == (len(before) + 4, ALL_OPEN)
    (said,) = recovered_by_a_run(spark, lake)
    assert said.endswith(": 3 records are replayed.")
    assert (accepted(spark, lake), states(lake)) == (appended, DONE)


def test_the_next_run_brings_it_to_its_end_whether_or_not_it_came_to_its_commit(
    spark: SparkSession, lake: Lake
) -> None:
    before, brought = accepted(spark, lake), checkpoint(lake)
    die_before("_append", spark, lake)
    assert checkpoint(lake).replaying == "replay-again"
    assert bronze_work(open_ledger(lake), []) == "a replay of quarantined records was interrupted"
    assert recovered_by_a_run(spark, lake) == [
        "Replay replay-again was never committed: its records are unchanged."
    ]
    assert (states(lake), accepted(spark, lake)) == (ALL_OPEN, before)

    die_before("finish", spark, lake)
    (said,) = recovered_by_a_run(spark, lake)
    assert said.endswith(": 3 records are replayed.")
    assert (states(lake), len(accepted(spark, lake))) == (DONE, len(before) + 4)
    assert checkpoint(lake) == replace(brought, watermark=SparkLake(spark, lake).latest_commit(RECORD))
    assert bronze_work(open_ledger(lake), []) == ""


@pytest.mark.long
def test_a_ledger_that_forgot_the_states_hears_of_them_and_nothing_is_doubled(
    spark: SparkSession, lake: Lake
) -> None:
    forgotten = Path(lake.ledger).read_bytes()
    do(spark, lake)
    appended = accepted(spark, lake)
    Path(lake.ledger).write_bytes(forgotten)
    assert states(lake) == ALL_OPEN

    again = do(spark, lake)
    assert (again.accepted, again.refused.keys()) == (0, {"not_json", "not_utf8"})
    assert OLD_REASON not in again.refused
    assert (states(lake), accepted(spark, lake)) == (DONE, appended)
