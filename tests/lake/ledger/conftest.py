"""The two stores of the ledger: every test of this folder that asks for `open_store` runs on both."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from metriccare.lake.ledger import Ledger, Owner, open_ledger
from metriccare.lake.ledger.dynamodb_store import create_table
from metriccare.lake.ledger.process import process
from metriccare.settings import Lake

Opener = Callable[[], Ledger]


@pytest.fixture
def table(aws: str, tmp_path: Path) -> str:
    """Return the name of a new table."""
    create_table(tmp_path.name)
    return tmp_path.name


# The emulated AWS is asked for only where it is needed, so the parameter carries the mark.
@pytest.fixture(params=["sqlite", pytest.param("dynamodb", marks=pytest.mark.aws)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of an empty ledger; empty for the file of the lake at `tmp_path`."""
    if request.param == "sqlite":
        return ""
    return f"dynamodb://{request.getfixturevalue('table')}?lake={tmp_path}"


@pytest.fixture
def open_store(store: str, tmp_path: Path) -> Iterator[Opener]:
    """Return a function that opens the same ledger once more."""
    opened: list[Ledger] = []

    def open_one() -> Ledger:
        opened.append(open_ledger(Lake(str(tmp_path)), store))
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()


@pytest.fixture
def ledger(open_store: Opener) -> Ledger:
    return open_store()


@pytest.fixture
def living() -> Iterator[Callable[[str], Owner]]:
    """Return a function that gives another living process of this machine, as the owner of a run."""
    children: list[subprocess.Popen[bytes]] = []

    def start(run_id: str) -> Owner:
        children.append(subprocess.Popen(["sleep", "60"]))
        return process(children[-1].pid, run_id)

    yield start
    for child in children:
        child.kill()
        child.wait()
