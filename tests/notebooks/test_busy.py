"""Two writers of one stage: the second one, in a notebook's kernel of its own, gets a sentence and writes nothing."""

import os
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from metriccare.errors import NotebookError
from metriccare.pipeline.stage import Stage
from metriccare.runtime.notebooks.execute import Step, run_notebooks
from metriccare.settings import Lake

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


@pytest.mark.parametrize(
    ("notebook", "stage", "arguments"),
    [("02_bronze", "bronze", {"raw": "raw"}), ("04_gold", "silver", {})],
)
def test_a_second_writer_learns_who_is_writing(
    spark: SparkSession, tmp_path: Path, notebook: str, stage: str, arguments: dict[str, str]
) -> None:
    """Gold holds silver too: its tables must not change while they are read."""
    lake = Lake(str(tmp_path / "lake"))
    step = Step(NOTEBOOKS / f"{notebook}.ipynb", {"lake": lake.root, "run_id": "the-second", **arguments})
    sentence = rf"stage {stage} of this lake is being written by run the-first \(process {os.getpid()} on "
    with Stage(stage, lake, "the-first"), pytest.raises(NotebookError, match=sentence):
        run_notebooks([step], tmp_path / "runs")
    assert not (tmp_path / "lake" / "bronze").exists()
