"""A read-only folder in the lake: one sentence, nothing lost, and the next run processes everything."""

import json
import os
import subprocess
import sys
from pathlib import Path

from pyspark.sql import SparkSession
from tests.support.builders import condition
from tests.support.unprivileged import unprivileged

from metriccare.definitions.tables import RECORD
from metriccare.lake.ledger import FileState, open_ledger
from metriccare.lake.tables import SparkLake
from metriccare.runtime.notebooks.execute import Step, run_notebooks
from metriccare.settings import Lake

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "02_bronze.ipynb"


def test_a_lake_that_may_not_be_written_gives_a_sentence_and_loses_nothing(
    spark: SparkSession, tmp_path: Path
) -> None:
    raw, lake = tmp_path / "raw", Lake(str(tmp_path / "lake"))
    raw.mkdir()
    (raw / "conditions.ndjson").write_text(json.dumps(condition("c1", "A41.9")) + "\n", encoding="utf-8")
    bronze = Path(lake.root) / "bronze"
    bronze.mkdir(parents=True, mode=0o500)

    command = Path(sys.executable).with_name("metriccare")
    refused = subprocess.run(
        unprivileged(str(command), "run", "--raw", str(raw), "--lake", lake.root),
        env=os.environ | {"METRICCARE_DRIVER_MEMORY": "1g"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 1
    assert (
        "is not writable: check the owner and permissions of its folders, then run again." in refused.stderr
    )

    bronze.chmod(0o700)
    run_notebooks(
        [Step(NOTEBOOK, {"raw": str(raw), "lake": lake.root, "run_id": "allowed"})], tmp_path / "runs"
    )
    assert SparkLake(spark, lake).read(RECORD).count() == 1
    ledger = open_ledger(lake)
    assert ledger.counts() == {FileState.DONE: 1}
    ledger.close()
