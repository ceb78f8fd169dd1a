"""What a run writes, and what Spark keeps meanwhile, is for its owner only."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from metriccare.errors import ParameterError
from metriccare.runtime import scratch
from metriccare.runtime.private import keep_private


@pytest.fixture(autouse=True)
def umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(scratch.tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(("given", "mode"), [("", 0o600), ("027", 0o640), ("0022", 0o644)])
def test_files_are_for_their_owner_unless_somebody_wants_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str, mode: int
) -> None:
    monkeypatch.setenv("METRICCARE_UMASK", given)
    keep_private()
    (tmp_path / "a").write_text("x")
    assert (tmp_path / "a").stat().st_mode & 0o777 == mode


@pytest.mark.parametrize("given", ["rw", "888", "-1", "7777"])
def test_what_is_no_umask_is_refused(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("METRICCARE_UMASK", given)
    with pytest.raises(ParameterError, match=r"METRICCARE_UMASK is .* expected three octal digits"):
        keep_private()


def test_the_folder_of_a_session_is_private_and_those_of_ended_processes_are_deleted(temporary: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    mine = scratch.session_folder()
    prefix = mine.name.removesuffix(str(os.getpid()))
    left, alive = mine.with_name(f"{prefix}{ended.pid}"), mine.with_name(f"{prefix}{os.getppid()}")
    elsewhere = mine.with_name(f"session-1-{ended.pid}")  # of a container that shares the temporary files
    for folder in (left, alive, elsewhere):
        (folder / "blockmgr").mkdir(parents=True)
    assert scratch.session_folder() == mine
    assert [folder.exists() for folder in (left, alive, elsewhere)] == [False, True, True]
    assert {folder.stat().st_mode & 0o777 for folder in (mine, mine.parent)} == {0o700}


def test_a_folder_that_somebody_else_has_put_there_is_not_used(temporary: Path) -> None:
    place = scratch.private_folder()
    place.rmdir()
    place.symlink_to(temporary)
    used = scratch.private_folder()
    assert used != place
    assert used.stat().st_mode & 0o777 == 0o700
