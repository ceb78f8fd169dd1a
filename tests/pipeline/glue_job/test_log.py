"""What a job writes for CloudWatch: JSON lines, and a sentence at its end that quotes no data."""

import json
import os
from collections.abc import Iterator

import pytest

from metriccare.errors import CellError, LakeError
from metriccare.pipeline.glue_job import run as job
from metriccare.runtime import logs

ARGUMENTS = ["--notebook", "03_silver.ipynb", "--lake", "lake"]


@pytest.fixture(autouse=True)
def unconfigured(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for variable in (logs.LEVEL_VARIABLE, logs.FORMAT_VARIABLE):
        monkeypatch.setenv(variable, "")
        os.environ.pop(variable)
    yield
    monkeypatch.undo()
    logs.configure()


def failing(error: Exception) -> object:
    def run(arguments: object) -> None:
        job.log.info("start job", extra={"notebook": "03_silver"})
        raise error

    return run


def test_the_log_is_json_lines(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(job, "run", failing(LakeError("The table is missing.")))
    with pytest.raises(SystemExit) as ended:
        job.main(ARGUMENTS)
    assert ended.value.code == "The table is missing."
    (record,) = map(json.loads, capfd.readouterr().err.splitlines())
    assert (record["message"], record["notebook"]) == ("start job", "03_silver")


def test_what_another_library_says_stays_in_the_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    error = CellError("03_silver failed with ValueError: Maria Santos. See x.", "03_silver failed; see x.")
    monkeypatch.setattr(job, "run", failing(error))
    with pytest.raises(SystemExit) as ended:
        job.main(ARGUMENTS)
    assert ended.value.code == "03_silver failed; see x."
