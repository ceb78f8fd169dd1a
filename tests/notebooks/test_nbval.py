"""nbval over the four notebooks: every cell runs, and what the checked ones show is what the repository says.

The notebooks take no parameter here: the environment names a temporary lake. Their kernels join this session's Spark.
"""

import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import nbformat
import pytest
from pyspark.sql import SparkSession
from tools.kept_outputs import is_checked, places

from metriccare.runtime.spark import share_gateway
from metriccare.settings import NOTEBOOKS

ROOT = Path(__file__).parents[2]
MUTANT = """
from dataclasses import replace

from metriccare.engine import Step
from metriccare.pipeline.stages import gold_decisions as stage

day = "next_acute.admission_date - discharge_date BETWEEN 0 AND"
steps = [Step(one.name, one.select.replace(f"{day} 30", f"{day} 29")) for one in stage.DECISIONS_AT_AS_OF.steps]
stage.DECISIONS_AT_AS_OF = replace(stage.DECISIONS_AT_AS_OF, steps=tuple(steps))
"""  # a return on the 30th day is no readmission any more

Cells = set[tuple[str, str]]


class Verdict(NamedTuple):
    """What nbval said: the cells that passed and that failed, as notebook and id, and its text."""

    passed: Cells
    failed: Cells
    text: str


Validate = Callable[..., Verdict]


def code_cells(notebook: str) -> list[nbformat.NotebookNode]:
    cells = nbformat.read(ROOT / "notebooks" / f"{notebook}.ipynb", as_version=4).cells
    return [cell for cell in cells if cell.cell_type == "code"]


def checked(*notebooks: str) -> Cells:
    return {(name, cell.id) for name in notebooks for cell in code_cells(name) if is_checked(cell)}


@pytest.fixture(scope="module")
def validate(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Validate:
    """Return a function that runs nbval over some notebooks, which read and write in a folder."""

    def run(folder: Path, *notebooks: str, startup: str = "") -> Verdict:
        scratch = tmp_path_factory.mktemp("nbval")
        profile = scratch / "ipython" / "profile_default" / "startup"
        profile.mkdir(parents=True)
        (profile / "first.py").write_text(startup)
        plugins = ("nbval.plugin", "tools.nbval_kept", "no:cacheprovider", "no:xdist")
        options = (*(f"-p{name}" for name in plugins), "--color=no", "-vv")
        files = [f"notebooks/{name}.ipynb" for name in notebooks]
        report = scratch / "report.xml"
        with share_gateway(spark):
            done = subprocess.run(
                [sys.executable, "-m", "pytest", "--nbval-lax", *options, f"--junitxml={report}", *files],
                capture_output=True,
                text=True,
                check=False,
                cwd=ROOT,
                env={**os.environ, **places(folder), "IPYTHONDIR": str(scratch / "ipython")},
            )
        assert done.returncode in (0, 1), done.stdout + done.stderr
        return verdict(report, done.stdout)

    return run


def verdict(report: Path, text: str) -> Verdict:
    passed: Cells = set()
    failed: Cells = set()
    for case in ET.parse(report).iter("testcase"):
        notebook = case.attrib["classname"].split(".")[1]
        cell = code_cells(notebook)[int(case.attrib["name"].removeprefix("Cell "))]
        (passed if len(case) == 0 else failed).add((notebook, cell.id))
    return Verdict(passed, failed, text)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("seeded")


@pytest.fixture(scope="module")
def first(validate: Validate, folder: Path) -> Verdict:
    return validate(folder, *NOTEBOOKS)


def test_every_cell_runs_and_what_the_checked_ones_show_is_as_committed(first: Verdict) -> None:
    assert first.failed == set(), first.text
    assert first.passed == {(name, cell.id) for name in NOTEBOOKS for cell in code_cells(name)}


def test_schemas_counts_measures_and_the_reconciliation_are_checked() -> None:
    sources = {name: [cell.source for cell in code_cells(name) if is_checked(cell)] for name in NOTEBOOKS}
    for notebook, part in (
        ("01_generate", "summary.counts"),
        ("01_generate", 'truth["results"]'),
        ("02_bronze", "columns_text("),
        ("02_bronze", "growth("),
        ("03_silver", "columns_text("),
        ("04_gold", "columns_text("),
        ("04_gold", "measure_table(shown)"),
        ("04_gold", "exclusion_table"),
        ("04_gold", "account.table()"),
    ):
        assert any(part in source for source in sources[notebook]), part


@pytest.mark.long
def test_a_changed_rule_turns_nbval_red(
    validate: Validate, first: Verdict, folder: Path, tmp_path: Path
) -> None:
    """Readmission within 29 days, by a line that each kernel runs at its start; gold is decided anew."""
    shutil.copytree(folder / "lake", tmp_path / "lake")
    shutil.rmtree(tmp_path / "lake" / "gold")
    found = validate(tmp_path, "04_gold", startup=MUTANT)
    assert ("04_gold", "04-20") in found.failed  # the measures
    assert ("04_gold", "4f3938f2") in found.passed  # those of the profile simple, which has its own rule
    assert found.failed <= checked("04_gold")  # nothing else failed: no cell broke
    assert "211" in found.text
