"""What an operator reads of a stage: when it was held, who was refused, who took over."""

import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from metriccare.errors import StageBusyError
from metriccare.pipeline.stage import Stage
from metriccare.runtime import logs
from metriccare.settings import Lake

KILLED = """
import os, sys
from metriccare.pipeline.stage import Stage
from metriccare.settings import Lake
Stage("silver", Lake(sys.argv[1]), "killed")
os._exit(9)
"""
HOLDS = KILLED.replace("os._exit(9)", "print('held', flush=True); sys.stdin.read()")


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """Return a function that gives what was logged."""
    monkeypatch.setenv(logs.LEVEL_VARIABLE, "debug")
    monkeypatch.setenv(logs.FORMAT_VARIABLE, "json")
    monkeypatch.setattr(logs, "_context", {})
    monkeypatch.setattr("metriccare.lake.ledger.lease.PATIENCE_SECONDS", 0.1)
    stream = io.StringIO()
    logs.configure(stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    monkeypatch.undo()
    logs.configure()


def test_a_stage_is_logged_when_it_starts_and_ends(
    lake: Lake, logged: Callable[[], list[dict[str, Any]]]
) -> None:
    Stage("silver", lake, "run-1").close()
    found = [(one["message"], one["run"], one["stage"]) for one in logged()]
    assert found == [("start stage", "run-1", "silver"), ("end stage", "run-1", "silver")]
    assert logged()[-1]["seconds"] >= 0


def test_a_takeover_from_a_killed_writer_is_a_warning(
    lake: Lake, logged: Callable[[], list[dict[str, Any]]]
) -> None:
    subprocess.run([sys.executable, "-c", KILLED, lake.root], check=False)
    Stage("silver", lake, "run-2").close()
    first = logged()[0]
    assert (first["level"], first["message"], first["run"]) == ("warning", "take over lease", "killed")
    assert first["reason"] == "its process has ended"


def test_a_refused_writer_logs_whom_it_waited_for(
    lake: Lake, logged: Callable[[], list[dict[str, Any]]]
) -> None:
    command = [sys.executable, "-c", HOLDS, lake.root]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout and holder.stdout.readline()
        with pytest.raises(StageBusyError):
            Stage("silver", lake, "run-2")
        assert holder.stdin
        holder.stdin.close()
    assert {(one["message"], one["run"], one["pid"]) for one in logged()} == {
        ("wait for lease", "killed", holder.pid)
    }


@pytest.fixture
def lake(tmp_path: Any) -> Lake:
    return Lake(str(tmp_path / "lake"))
