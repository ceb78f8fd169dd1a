import base64
import re
from copy import deepcopy

import nbformat
import pytest

from metriccare.errors import LakeError
from metriccare.lake.executed_notebooks import run_of
from metriccare.reporting.html_report import newest_notebook, write_report
from metriccare.settings import Lake


@pytest.fixture(scope="module")
def page(finished_lake, tmp_path_factory):
    return write_report(finished_lake, tmp_path_factory.mktemp("out") / "new" / "report.html").read_text()


def test_the_report_names_its_run_and_says_what_its_numbers_are(page):
    assert "<dd>2025-06-30</dd>" in page
    assert "<dd>run-2</dd>" in page
    assert "observed, unadjusted" in page
    assert "Synthetic data" in page


def test_tables_and_pictures_are_in_the_file_itself(page):
    (picture,) = re.findall(r'<img[^>]*src="data:image/png;base64,([^"]+)"', page, re.DOTALL)

    assert base64.b64decode(picture).startswith(b"\x89PNG")
    assert page.count("<td>4,321</td>") == 1


def test_printed_findings_are_a_list(page):
    assert "<ul><li>stays &lt; 5 days</li><li>no zone</li></ul>" in page


def test_code_warnings_and_notes_of_the_session_are_left_out(page):
    for unwanted in ("secret_code", "DeprecationWarning", "applies on AWS Glue", "internal"):
        assert unwanted not in page


def test_a_step_that_shows_nothing_is_left_out_with_its_heading(page):
    assert "The four measures." in page
    assert "Readmission" in page
    assert "Where it runs." not in page
    assert "Checks for the author" not in page


def test_nothing_is_loaded_from_anywhere_and_no_script_may_run(page):
    assert not re.findall(r"<(?:script|link|iframe)", page)
    assert not re.findall(r"""(?:src|href)\s*=\s*["'](?!data:|#)""", page)
    assert not re.findall(r"@import|url\(", page)
    assert "default-src 'none'" in page


def test_the_latest_complete_notebook_is_used_and_a_broken_one_ignored(finished_lake, tmp_path):
    _, good = newest_notebook(finished_lake)
    broken = deepcopy(good)
    broken.cells[-1].execution_count = None
    lake = Lake.at(tmp_path)
    for name, notebook in (("a", good), ("b", broken)):
        folder = tmp_path / "runs" / name
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / "04_gold.ipynb")

    place, _ = newest_notebook(lake)
    assert run_of(place) == "a"


def test_without_a_finished_run_the_error_says_what_to_do(tmp_path):
    with pytest.raises(LakeError, match="run `metriccare run` first"):
        write_report(Lake.at(tmp_path), tmp_path / "report.html")
