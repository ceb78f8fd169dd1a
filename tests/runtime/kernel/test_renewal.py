"""A kernel that has run a notebook is emptied for the next one."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell
from matplotlib import pyplot

from metriccare.runtime.kernel.renewal import renew, warm_up


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[InteractiveShell]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "environ", dict(os.environ))
    InteractiveShell.clear_instance()
    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()


def test_nothing_of_the_notebook_before_is_left(shell: InteractiveShell, tmp_path: Path) -> None:
    (tmp_path / "runs").mkdir()
    shell.run_cell("secret = 1\nsecret", store_history=True)
    shell.run_cell("secret + 1", store_history=True)
    pyplot.figure()

    renew(str(tmp_path / "runs"), {"METRICCARE_TEST": "x"})

    assert not {"secret", "_1", "_2"} & shell.user_ns.keys()
    assert shell.user_ns["Out"] == {}
    assert shell.execution_count == 1
    assert not pyplot.get_fignums()
    assert Path.cwd() == tmp_path / "runs"
    assert os.environ["METRICCARE_TEST"] == "x"


def test_it_still_runs_cells(shell: InteractiveShell, tmp_path: Path) -> None:
    renew(str(tmp_path), {})

    assert shell.run_cell("1 + 1", store_history=True).execution_count == 1


def test_warming_up_finds_every_library() -> None:
    warm_up()
