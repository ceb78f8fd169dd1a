"""A stage holds its lease until it is closed: real ledger, real processes."""

import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from metriccare.errors import LeaseLostError, ParameterError, StageBusyError
from metriccare.lake.ledger import Lease, open_ledger, this_process
from metriccare.lake.ledger.lease import TIME_TO_LIVE
from metriccare.pipeline.checkpoints import BronzeCheckpoint, load_checkpoint
from metriccare.pipeline.stage import Stage
from metriccare.settings import Lake


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(str(tmp_path / "lake"))


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Renew often, and wait for nobody."""
    monkeypatch.setattr("metriccare.pipeline.stage.RENEW_SECONDS", 0.02)
    monkeypatch.setattr("metriccare.lake.ledger.lease.PATIENCE_SECONDS", 0.1)


def holders(lake: Lake) -> dict[str, Lease]:
    ledger = open_ledger(lake, create=False)
    held = {lease.stage: lease for lease in ledger.holders()}
    ledger.close()
    return held


def soon(is_so: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 10
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.01)
    return is_so()


def renewing(stage: str) -> bool:
    return any(thread.name == f"lease-{stage}" for thread in threading.enumerate())


def test_a_stage_is_held_until_it_is_closed(lake: Lake) -> None:
    stage = Stage("silver", lake, "run-1")
    assert {name: lease.owner for name, lease in holders(lake).items()} == {"silver": this_process("run-1")}
    stage.check()
    stage.close()
    stage.close()
    assert holders(lake) == {}


def test_gold_holds_silver_too(lake: Lake) -> None:
    stage = Stage("gold", lake, "run-1")
    assert set(holders(lake)) == {"gold", "silver"}
    stage.close()
    assert holders(lake) == {}


def test_what_a_stage_saves_is_there_for_the_next_one(lake: Lake) -> None:
    with Stage("bronze", lake, "run-1") as stage:
        assert load_checkpoint(stage.ledger, BronzeCheckpoint) == BronzeCheckpoint()
        stage.save(BronzeCheckpoint("1"))
    with Stage("bronze", lake, "run-2") as again:
        assert load_checkpoint(again.ledger, BronzeCheckpoint) == BronzeCheckpoint("1")


def test_a_stage_without_a_run_id_gets_a_new_one_and_a_bad_one_is_refused(lake: Lake) -> None:
    with Stage("bronze", lake) as one:
        first = one.run_id
    with Stage("bronze", lake) as other:
        assert other.run_id != first
    with pytest.raises(ParameterError, match=r"'../up' is not a run id"):
        Stage("bronze", lake, "../up")


CHILD = """
import sys
from metriccare.settings import Lake
from metriccare.pipeline.stage import Stage
stage = Stage(sys.argv[1], Lake(sys.argv[2]), "other")
print("ready", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def other(lake: Lake) -> Callable[[str], subprocess.Popen[str]]:
    """Return a function that begins a stage in another process, which never closes it."""

    def start(stage: str) -> subprocess.Popen[str]:
        one = subprocess.Popen(
            [sys.executable, "-c", CHILD, stage, lake.root],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
        return one

    return start


@pytest.mark.usefixtures("quick")
def test_a_stage_that_another_process_writes_is_refused(
    lake: Lake, other: Callable[[str], subprocess.Popen[str]]
) -> None:
    process = other("silver")
    with pytest.raises(StageBusyError, match="silver of this lake is being written by run other"):
        Stage("gold", lake, "run-1")
    assert set(holders(lake)) == {"silver"}  # gold was given back

    process.kill()
    process.communicate()
    Stage("gold", lake, "run-1").close()


def test_a_process_that_ends_gives_its_stage_back(
    lake: Lake, other: Callable[[str], subprocess.Popen[str]]
) -> None:
    process = other("silver")
    _, told = process.communicate("\n")
    assert (process.returncode, told) == (0, "")
    assert holders(lake) == {}


def test_a_process_whose_lake_was_deleted_ends_without_an_error(
    lake: Lake, other: Callable[[str], subprocess.Popen[str]]
) -> None:
    process = other("silver")
    shutil.rmtree(lake.root)
    _, told = process.communicate("\n")
    assert (process.returncode, told) == (0, "")


@pytest.mark.usefixtures("quick")
def test_a_lease_is_renewed_while_the_stage_is_open(lake: Lake) -> None:
    stage = Stage("silver", lake, "run-1")
    assert soon(lambda: holders(lake)["silver"].expires_at > stage.lease.expires_at)
    stage.check()
    stage.close()
    assert soon(lambda: not renewing("silver"))


@pytest.mark.usefixtures("quick")
def test_a_stage_that_was_taken_over_fails_at_its_next_check(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    died: list[object] = []
    monkeypatch.setattr(threading, "excepthook", died.append)
    stage = Stage("silver", lake, "run-1")
    taker = open_ledger(lake)
    taker.acquire("silver", this_process("run-2"), datetime.now(UTC))

    assert soon(lambda: not renewing("silver"))
    assert died == []
    with pytest.raises(LeaseLostError, match="taken over the stage silver from run run-1"):
        stage.check()
    with pytest.raises(LeaseLostError):
        stage.save(BronzeCheckpoint("1"))
    stage.close()
    assert holders(lake)["silver"].owner == this_process("run-2")
    taker.close()


@pytest.mark.usefixtures("quick")
def test_a_ledger_that_is_away_for_a_while_is_asked_again(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("metriccare.lake.ledger.sqlite_file.BUSY_SECONDS", 0.1)
        stage = Stage("silver", lake, "run-1")
    with sqlite3.connect(lake.ledger, isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        time.sleep(0.3)
        locked_until = datetime.now(UTC)
        other.execute("ROLLBACK")
    other.close()
    assert soon(lambda: holders(lake)["silver"].expires_at > locked_until + TIME_TO_LIVE)
    stage.close()
