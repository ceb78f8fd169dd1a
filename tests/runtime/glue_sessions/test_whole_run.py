"""The four notebooks on the real Glue kernel, in real sessions with Spark and Hudi, into a new lake."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook
from tests.proofs.truth.compare import different_rows
from tests.runtime.glue_sessions.endpoint import Glue
from tests.runtime.glue_sessions.kernel import GLUE, code_cells, kernel_at_endpoint, said, states

from metriccare.definitions.tables import MEASURE_PUBLISHED, MEASURE_RESULT
from metriccare.lake.reader import read_table
from metriccare.pipeline import run
from metriccare.reporting.html_report import HIDDEN_TAG, write_report
from metriccare.runtime.notebooks.execute import Step, run_notebooks
from metriccare.settings import NOTEBOOKS, Lake

PATIENTS = 50
GOLD = Path(__file__).parents[3] / "notebooks" / "04_gold.ipynb"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("glue run")


@pytest.fixture(scope="module")
def served(jvm: None, folder: Path) -> Iterator[Glue]:
    with kernel_at_endpoint(folder / "glue") as endpoint, pytest.MonkeyPatch.context() as patch:
        patch.setenv("METRICCARE_DRIVER_MEMORY", "1g")
        yield endpoint


@pytest.fixture(scope="module")
def raw(folder: Path) -> Path:
    return folder / "fhir_data" / "json"


@pytest.fixture(scope="module")
def lake(served: Glue, folder: Path, raw: Path) -> Lake:
    """The lake after a run of all notebooks, each in a session of its own."""
    where = Lake.at(folder / "lake")
    run.run(
        raw=raw, lake=where.root, generate=PATIENTS, seed=3, run_id="on-glue", kernel=GLUE, progress=False
    )
    return where


@pytest.fixture(scope="module")
def truth(lake: Lake, raw: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((raw.parent / "truth.json").read_text(encoding="utf-8"))
    return found


def pictures_of(cells: list[Any]) -> int:
    return sum("image/png" in output.get("data", {}) for cell in cells for output in cell.outputs)


def executed(lake: Lake, name: str) -> list[Any]:
    return code_cells(Path(lake.runs) / "on-glue" / f"{name}.ipynb")


def test_the_numbers_are_the_planted_ones(lake: Lake, truth: dict[str, Any]) -> None:
    assert truth["results"]
    assert different_rows(read_table(lake, MEASURE_RESULT).to_pylist(), truth) == []


def test_every_notebook_was_executed_in_a_session_that_is_stopped(lake: Lake, served: Glue) -> None:
    assert states(served)[: len(NOTEBOOKS)] == ["STOPPED"] * len(NOTEBOOKS)
    for name in NOTEBOOKS:
        assert all(cell.execution_count for cell in executed(lake, name))


def test_a_session_was_asked_for_what_the_magics_say(lake: Lake, served: Glue) -> None:
    sessions = served.client.list_sessions()["Sessions"]
    wanted = {"GlueVersion": "5.0", "WorkerType": "G.1X", "NumberOfWorkers": 2, "IdleTimeout": 30}
    assert {name: sessions[0][name] for name in wanted} == wanted
    assert sessions[0]["DefaultArguments"]["--datalake-formats"] == "hudi"


def test_tables_are_shown_as_text_and_no_patient_is_named(lake: Lake, raw: Path) -> None:
    shown = "".join(said(cell) for name in NOTEBOOKS for cell in executed(lake, name))
    patients = (raw / "patients" / "part-00000.ndjson").read_text(encoding="utf-8").splitlines()
    assert "Readmission within 30 days" in shown
    assert not re.search(r"\.\.\.  |  \.\.\.", shown)  # as pandas cuts a table
    assert not [line for line in patients if json.loads(line)["name"][0]["family"] in shown.split()]


def test_every_picture_is_shown_and_the_report_has_those_of_the_results(lake: Lake, folder: Path) -> None:
    silver, gold = executed(lake, "03_silver"), executed(lake, "04_gold")
    reported = [cell for cell in gold if HIDDEN_TAG not in cell.metadata.get("tags", [])]
    page = write_report(lake, folder / "report.html").read_text(encoding="utf-8")

    assert (pictures_of(silver), pictures_of(gold), pictures_of(reported)) == (1, 10, 9)
    assert page.count('src="data:image/png') == pictures_of(reported)
    assert "<Picture" not in page
    assert 'width="640"' not in page  # the size that the kernel gives to every picture, whatever its own is


def test_sql_and_pictures_come_through_the_kernel_by_nbclient_too(served: Glue) -> None:
    configure = (
        "%%configure\n{'--conf': 'spark.sql.shuffle.partitions=3', 'glue_version': '5.0', 'idle_timeout': 30}"
    )
    query = "%%sql\nselect 41 + 1 as answer"
    made = "from metriccare.reporting.pictures.canvas import canvas\npicture, _ = canvas('t', 's', is_synthetic=True)"
    cells = [configure, query, f"{made}\n%matplot picture", "spark.conf.get('spark.sql.shuffle.partitions')"]
    notebook = new_notebook(cells=[new_code_cell(source) for source in cells])
    NotebookClient(notebook, kernel_name=GLUE, timeout=120).execute()

    shown = [said(cell) for cell in notebook.cells]
    assert "|    42|" in shown[1]
    assert [output.data["image/png"][:5] for output in notebook.cells[2].outputs] == ["iVBOR"]
    assert shown[3] == "'3'\n"
    assert states(served)[-1].startswith("STOP")


@pytest.mark.long
def test_the_examples_at_the_end_of_gold_look_into_a_hospital(lake: Lake, tmp_path: Path) -> None:
    """As a person runs the notebook, who gives it no run's name."""
    gold = Step(GOLD, {"lake": lake.root})
    (kept,) = run_notebooks([gold], tmp_path, kernel=GLUE)
    cells = code_cells(kept)
    shown = {cell.source.splitlines()[0]: said(cell) for cell in cells}
    highest = max(hospitals(lake), key=lambda row: row["rate"])

    assert highest["stratum_display"] in shown["from metriccare.reporting import explore"]
    assert "excess" in shown["found = explore.drivers(data, measure, hospital, profile)"]
    assert "stay_id" in shown[next(line for line in shown if line.startswith("explore.stays("))]
    assert f"|{highest['stratum_display'][:17]}" in shown["%%sql"]  # Spark cuts it after that
    assert "on-glue" in shown[next(line for line in shown if line.startswith("data.table("))]
    assert pictures_of(cells) == 10


def hospitals(lake: Lake) -> list[dict[str, Any]]:
    asked = {"measure": "readmission_30_day", "profile": "all_adult", "stratum": "hospital"}
    rows = read_table(lake, MEASURE_PUBLISHED).to_pylist()
    return [row for row in rows if asked.items() <= row.items() and row["rate"] is not None]
