from pathlib import Path

import pytest

from metriccare.errors import ParameterError
from metriccare.settings import NOTEBOOKS, generator_folder, notebook, packaged_notebooks, raw_location


def test_the_raw_folder_is_the_one_given_else_that_of_the_environment_else_the_projects(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("METRICCARE_RAW", "elsewhere/json")
    assert raw_location("given") == str(tmp_path / "given")
    assert raw_location() == str(tmp_path / "elsewhere" / "json")
    monkeypatch.delenv("METRICCARE_RAW")
    assert raw_location() == str(tmp_path / "fhir_data" / "json")


def test_the_generator_writes_next_to_the_raw_folder(tmp_path: Path) -> None:
    assert generator_folder(tmp_path / "json") == tmp_path


@pytest.mark.parametrize(
    ("raw", "sentence"), [("s3://bucket/json", "to a disk first"), ("exports", "folder named json")]
)
def test_the_generator_writes_into_no_other_raw_folder(raw: str, sentence: str) -> None:
    with pytest.raises(ParameterError, match=sentence):
        generator_folder(raw)


def test_a_projects_own_notebook_comes_before_the_one_of_the_package(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    own = tmp_path / "notebooks"
    own.mkdir()
    monkeypatch.chdir(own)
    assert notebook("02_bronze") == packaged_notebooks() / "02_bronze.ipynb"
    (own / "01_generate.ipynb").touch()
    assert notebook("02_bronze") == own / "02_bronze.ipynb"


def test_the_package_brings_every_notebook() -> None:
    assert [name for name in NOTEBOOKS if not (packaged_notebooks() / f"{name}.ipynb").is_file()] == []
