"""The notebooks run by a person: opened in JupyterLab, run from the menu, looked at."""

import json
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from tests.browser.lab import Notebook, lab
from tests.proofs.truth.compare import different_rows

from metriccare.definitions.tables import MEASURE_RESULT
from metriccare.generate import generate
from metriccare.lake.reader import read_table
from metriccare.settings import Lake

PICTURES = {"02_bronze": 0, "03_silver": 1, "04_gold": 10}


@pytest.mark.long
@pytest.mark.usefixtures("jvm")
@pytest.mark.parametrize(
    ("target", "kernel"), [("lab", "MetricCare (local Spark)"), ("glue-lab", "Glue PySpark")]
)
def test_all_cells_run_from_the_menu_and_show_their_pictures(
    browser: Chrome, tmp_path: Path, target: str, kernel: str
) -> None:
    raw, lake = tmp_path / "fhir_data" / "json", Lake.at(tmp_path / "lake")
    generate(150, seed=3, out=raw.parent)
    places = {"METRICCARE_HOME": lake.root, "METRICCARE_RAW": str(raw), "METRICCARE_DRIVER_MEMORY": "1g"}
    found = {}
    with lab(target, tmp_path, **places) as address:
        for name in PICTURES:
            notebook = Notebook(
                browser, address, tmp_path / "project" / "notebooks" / f"{name}.ipynb", target
            )
            if notebook.kernel != kernel:
                notebook.change_kernel(kernel)
            notebook.run_all()
            found[name] = notebook.read()
            assert all(cell.execution_count for cell in notebook.saved())
            notebook.shut_down()

    assert found == PICTURES
    truth = json.loads((raw.parent / "truth.json").read_text(encoding="utf-8"))
    assert different_rows(read_table(lake, MEASURE_RESULT).to_pylist(), truth) == []
