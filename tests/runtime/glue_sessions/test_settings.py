"""The notebooks' session cells, the Glue job in Terraform and the local Spark have the same settings."""

import re
from pathlib import Path
from typing import Any

import nbformat
import pytest

from metriccare.runtime.glue_sessions.settings_check import NEEDED_PYTHON, PYTHON
from metriccare.runtime.kernel.options import parse_configure, parse_spark_conf, split_options
from metriccare.runtime.spark import local_settings
from metriccare.settings import NOTEBOOKS

ROOT = Path(__file__).parents[3]
DATALAKE, CATALOG = "--datalake-formats", "--enable-glue-datacatalog"
INSTALLER = "--python-modules-installer-option"


def session_cells(name: str) -> list[str]:
    cells = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4).cells
    return [cell.source for cell in cells if "session" in cell.metadata.get("tags", [])]


def magics(name: str) -> dict[str, str]:
    """Return the line magics of a notebook's session cells."""
    lines = [line for source in session_cells(name) for line in source.splitlines()]
    return dict(re.findall(r"^%(\w+) (\S+)$", "\n".join(lines), re.MULTILINE))


def configured(name: str) -> dict[str, Any]:
    """Return the options of a notebook's `%%configure` cell."""
    (source,) = (source for source in session_cells(name) if source.startswith("%%configure\n"))
    return parse_configure(source.partition("\n")[2])


def terraform(path: str) -> str:
    return (ROOT / "infra" / path).read_text(encoding="utf-8")


def default_of(variable: str) -> str:
    """Return the default of a variable of the root module."""
    return found(rf'^variable "{variable}" {{.*?^  default\s+= "([^"\n]+)"', "variables.tf")


def found(pattern: str, path: str) -> str:
    match = re.search(pattern, terraform(path), re.MULTILINE | re.DOTALL)
    assert match, f"{path} has no {pattern}"
    return match[1]


@pytest.fixture(scope="module")
def job() -> dict[str, str]:
    """What a job of the workspace dev is made with, by the name of the magic that says the same."""
    for variable in ("glue_version", "worker_type"):
        assert found(rf"^  {variable}\s+= (\S+)$", "main.tf") == f"var.{variable}"
    workers = found(r"^    dev = {.*?^      max_workers\s+= (\d+)$", "environment.tf")
    return {
        "glue_version": default_of("glue_version"),
        "worker_type": default_of("worker_type"),
        "number_of_workers": workers,
    }


@pytest.fixture(scope="module")
def job_arguments() -> dict[str, str]:
    files = terraform("modules/glue_job/main.tf"), terraform("jobs.tf")
    return dict(re.findall(r'"(--[\w-]+)"\s+= "([^"]+)"', "\n".join(files)))


@pytest.fixture(scope="module")
def job_conf() -> dict[str, str]:
    """What `spark_conf` of jobs.tf joins."""
    joined = found(r'spark_conf = join\(" --conf ", \[(.*?)\]\)', "jobs.tf")
    assert found(r"^  spark_conf\s+= (\S+)$", "main.tf") == "local.spark_conf"
    return parse_spark_conf(" --conf ".join(re.findall(r'"([^"]+)"', joined)))


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_asks_for_the_version_and_the_workers_of_the_job(name: str, job: dict[str, str]) -> None:
    asked = magics(name)
    assert {magic: asked.get(magic) for magic in job} == job
    assert PYTHON[asked["glue_version"]] == NEEDED_PYTHON
    assert 5 <= int(asked["idle_timeout"]) <= 60  # minutes; the service's own default are two days


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_asks_for_the_formats_the_catalog_and_the_installer_of_the_job(
    name: str, job_arguments: dict[str, str]
) -> None:
    options = configured(name)
    keys = (DATALAKE, CATALOG, INSTALLER)
    assert {key: options.get(key) for key in keys} == {key: job_arguments[key] for key in keys}


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_spark_is_set_alike_in_a_notebook_in_the_job_and_here(name: str, job_conf: dict[str, str]) -> None:
    conf, others = split_options(configured(name))
    here = local_settings()
    assert conf == job_conf
    assert {key: here.get(key) for key in conf} == conf
    assert set(others) == {DATALAKE, CATALOG, INSTALLER}
