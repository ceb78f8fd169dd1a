"""The report and a notebook, opened by a person."""

from base64 import b64encode
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest
from nbformat.v4 import new_output
from selenium.webdriver import Chrome
from tests.browser.chromium import BROKEN, WIDER, complaints, keep_screenshot
from tests.browser.lab import Notebook, lab
from tests.reporting.pictures.result_rows import row
from tests.support.rows import run_row

from metriccare.reporting import pictures
from metriccare.reporting.html_report import render

MEASURE = "readmission_30_day"
NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """The report of the gold notebook with the outputs that it keeps, and one picture."""
    notebook: Any = nbformat.read(NOTEBOOKS / "04_gold.ipynb", as_version=4)
    rates = [row(MEASURE, "hospital", name, events, 200) for name, events in (("north", 30), ("south", 9))]
    drawn = pd.DataFrame(rates).assign(ci_low=0.02, ci_high=0.2)
    picture = pictures.readmission_by_hospital(drawn, is_synthetic=True)
    drawing = next(cell for cell in notebook.cells if "readmission_by_hospital" in cell.source)
    drawing.outputs = [
        new_output("display_data", data={"image/png": b64encode(picture._repr_png_()).decode()})
    ]
    path = tmp_path / "report.html"
    path.write_text(render(notebook, run_row()), encoding="utf-8")
    return path


@pytest.mark.parametrize("width", [1400, 420])
def test_the_report_shows_its_tables_and_pictures_in_a_wide_and_in_a_narrow_window(
    browser: Chrome, report: Path, width: int
) -> None:
    browser.set_window_size(width, 1000)
    browser.get(report.as_uri())
    keep_screenshot(browser, f"report-{width}")

    assert browser.title == "MetricCare: hospital measures"
    assert len(browser.find_elements("css selector", "table")) > 3
    assert browser.find_elements("css selector", "img")
    assert len(browser.find_elements("css selector", "main li")) > 2  # what the data support
    assert browser.execute_script(BROKEN) == 0
    assert browser.execute_script(WIDER) <= 0
    assert complaints(browser) == []


def test_a_notebook_opens_with_the_projects_kernel(browser: Chrome, tmp_path: Path) -> None:
    with lab("lab", tmp_path) as address:
        browser.set_window_size(1400, 1000)
        opened = Notebook(browser, address, tmp_path / "project" / "notebooks" / "04_gold.ipynb", "opened")
        keep_screenshot(browser, "opened/04_gold")

        assert opened.kernel == "MetricCare (local Spark)"
        heading = browser.find_element("css selector", ".jp-Notebook h1").text
        assert heading.startswith("04 · Gold")
        assert not browser.find_elements("css selector", ".Toastify__toast")  # a question lies over the cells
        opened.shut_down()
