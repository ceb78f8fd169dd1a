"""Where JupyterLab is opened, and which notebooks it finds there."""

from pathlib import Path

import pytest

from metriccare.errors import NotebookError
from metriccare.runtime.lab import project_folder
from metriccare.settings import NOTEBOOKS, packaged_notebooks

OWN = [f"{name}.ipynb" for name in NOTEBOOKS]


def test_a_folder_without_notebooks_gets_copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    root, copies = project_folder()

    assert root == tmp_path
    assert copies == [tmp_path / "notebooks" / name for name in OWN]
    assert [file.read_bytes() for file in copies] == [
        (packaged_notebooks() / name).read_bytes() for name in OWN
    ]


def test_a_notebook_that_is_there_is_not_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    edited = tmp_path / "notebooks" / "03_silver.ipynb"
    edited.parent.mkdir()
    edited.write_text("edited")

    _, copies = project_folder()

    assert [file.name for file in copies] == [name for name in OWN if name != edited.name]
    assert edited.read_text() == "edited"


def test_below_a_project_its_own_folder_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    project_folder()
    below = tmp_path / "notebooks" / "more"
    below.mkdir()
    monkeypatch.chdir(below)

    assert project_folder() == (tmp_path, [])


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "notebooks").touch()
    monkeypatch.chdir(tmp_path)

    with pytest.raises(
        NotebookError, match=r"can't be copied to .*notebooks \(File exists\): run this in a writable folder"
    ):
        project_folder()
