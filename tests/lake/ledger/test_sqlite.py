"""What can go wrong with a file: it is not there, can't be written, is of a newer version, is killed under a write."""

import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from metriccare.errors import LedgerError
from metriccare.lake.ledger import FileVersion, open_ledger
from metriccare.settings import Lake

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


def test_a_ledger_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    lake = Lake(str(tmp_path))
    open_ledger(lake).close()
    with sqlite3.connect(lake.ledger) as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(
        LedgerError, match=r"written by a newer MetricCare \(format 99, this version reads 1\): install"
    ):
        open_ledger(lake)


def test_a_file_that_is_not_a_ledger_is_reported(tmp_path: Path) -> None:
    lake = Lake(str(tmp_path))
    Path(lake.ledger).write_bytes(b"x" * 5000)
    with pytest.raises(LedgerError, match=r"can't be used \(file is not a database\)"):
        open_ledger(lake)


def test_a_lake_that_is_a_file_is_reported(tmp_path: Path) -> None:
    (tmp_path / "lake").write_text("no folder")
    with pytest.raises(LedgerError, match="can't be used"):
        open_ledger(Lake(str(tmp_path / "lake")))


FULL = """
import resource, sys
from datetime import UTC, datetime
from metriccare.errors import LedgerError
from metriccare.lake.ledger import FileVersion, open_ledger
from metriccare.settings import Lake
ledger = open_ledger(Lake(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (64 * 1024, 64 * 1024))
import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
files = [FileVersion(f"v{n:06}", f"in/{n}.ndjson", "default", n) for n in range(5000)]
try:
    ledger.register(files, datetime.now(UTC))
except LedgerError as error:
    print(error)
"""


def test_a_full_disk_gives_a_sentence_and_keeps_what_was_there(tmp_path: Path) -> None:
    lake = Lake(str(tmp_path))
    ledger = open_ledger(lake)
    ledger.register([FileVersion("first", "in/first.ndjson", "default", 1)], NOW)
    child = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert "free space on the disk" in child.stdout
    assert [entry.file.version for entry in ledger.files()] == ["first"]
    ledger.close()


KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from metriccare.lake.ledger import FileVersion, open_ledger
from metriccare.settings import Lake
ledger = open_ledger(Lake(sys.argv[1]))
def files():
    for n in range(3000):
        if n == 2500:
            os.kill(os.getpid(), signal.SIGKILL)
        yield FileVersion(f"v{n}", f"in/{n}.ndjson", "default", n)
class Files(list):
    def __iter__(self):
        return files()
ledger.register(Files(), datetime.now(UTC))
"""


def test_a_process_killed_in_a_write_leaves_nothing_half_done(tmp_path: Path) -> None:
    lake = Lake(str(tmp_path))
    open_ledger(lake).close()
    child = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False)
    assert child.returncode == -9
    ledger = open_ledger(lake)
    assert ledger.counts() == {}
    assert ledger.register([FileVersion("v1", "in/1.ndjson", "default", 1)], NOW) == 1
    ledger.close()
