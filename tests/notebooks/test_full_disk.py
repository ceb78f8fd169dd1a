"""A disk that fills while bronze is written: a sentence, nothing lost, and the next run takes all."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from pyspark.sql import SparkSession
from tests.support.builders import condition

from metriccare.definitions.tables import RECORD
from metriccare.errors import NotebookError
from metriccare.lake.ledger import FileState, open_ledger
from metriccare.lake.tables import SparkLake
from metriccare.runtime.notebooks.execute import Step, run_notebooks
from metriccare.settings import Lake

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "02_bronze.ipynb"
LINES = 4_000


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a disk of 1 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("only root may mount a small disk")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_gives_a_sentence_and_loses_nothing(
    spark: SparkSession, small_disk: Path, tmp_path: Path
) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    dice = Random(1)
    texts = (json.dumps(condition(f"c{n}", dice.randbytes(200).hex())) for n in range(LINES))
    (raw / "conditions.ndjson").write_text("".join(f"{text}\n" for text in texts))
    lake = Lake(str(small_disk / "lake"))
    step = Step(NOTEBOOK, {"raw": str(raw), "lake": lake.root, "run_id": "full"})

    with pytest.raises(NotebookError, match="The disk is full: free some space, then run again"):
        run_notebooks([step], tmp_path / "runs")
    subprocess.run(["mount", "-o", "remount,size=200m", str(small_disk)], check=True)

    run_notebooks([step], tmp_path / "runs")
    assert SparkLake(spark, lake).read(RECORD).count() == LINES
    ledger = open_ledger(lake)
    assert ledger.counts() == {FileState.DONE: 1}
    ledger.close()
