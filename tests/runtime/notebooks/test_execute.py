import nbformat
import psutil
import pytest

from metriccare.errors import NotebookError, ParameterError
from metriccare.runtime.notebooks import in_process_engine
from metriccare.runtime.notebooks.execute import Step, run_notebooks
from metriccare.runtime.notebooks.executed import unexecuted_cells

JOIN = "from metriccare.runtime.spark import get_spark\nspark = get_spark()"
PYTHON_WORKERS = "spark.range(count).mapInArrow(lambda batches: batches, 'id long').count()"
HUDI_WRITE = """
options = {
    "hoodie.table.name": "t", "hoodie.datasource.write.recordkey.field": "id",
    "hoodie.datasource.write.precombine.field": "id", "hoodie.metadata.enable": "false",
    "hoodie.embed.timeline.server": "false",
}
spark.range(count).write.format("hudi").options(**options).mode("overwrite").save(f"{lake}/t")
"""
HUDI_READ = "spark.read.format('hudi').load(f'{lake}/t').count()"


@pytest.fixture(params=["papermill", "in_process"])
def engine(request):
    """Both ways to execute: in a kernel that joins this process's Spark, and in this process."""
    in_process_engine.register()
    return request.param


def code_cells(path):
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


def results(path):
    return [out.data["text/plain"] for cell in code_cells(path) for out in cell.outputs if "data" in out]


def test_notebooks_in_a_row_join_one_session_and_leave_it_running(spark, engine, write_notebook, tmp_path):
    first = write_notebook("first", JOIN, PYTHON_WORKERS, HUDI_WRITE, "%stop_session")
    second = write_notebook("second", JOIN, "spark.sparkContext.applicationId", HUDI_READ)
    given = {"lake": str(tmp_path / "lake"), "count": 5}

    kept = run_notebooks([Step(first, given), Step(second, given)], tmp_path / "runs", engine=engine)

    assert results(kept[0]) == ["5"]
    assert results(kept[1]) == [repr(spark.sparkContext.applicationId), "5"]
    assert spark.range(2).count() == 2


@pytest.mark.parametrize("given", [{"lakes": "x"}, {"count": "many"}, {"count": True}, {"lake": 3}])
def test_an_unknown_or_ill_typed_parameter_is_refused_before_any_notebook_runs(
    write_notebook, tmp_path, given
):
    fine, wrong = write_notebook("fine", "1"), write_notebook("wrong", "1")

    with pytest.raises(ParameterError, match=f"wrong(: parameter| has no parameter) {next(iter(given))}"):
        run_notebooks([Step(fine), Step(wrong, given)], tmp_path / "runs")

    assert not (tmp_path / "runs").exists()


def test_a_failing_cell_gives_one_sentence_and_its_notebook_is_kept(spark, engine, write_notebook, tmp_path):
    broken = write_notebook("broken", "1", "raise ValueError('no such ward\\nsecond line')", "2")
    never = write_notebook("never", "1")

    with pytest.raises(NotebookError) as caught:
        run_notebooks([Step(broken), Step(never)], tmp_path / "runs", engine=engine)

    kept = tmp_path / "runs" / "broken.ipynb"
    assert str(caught.value) == f"broken failed in cell [3] with ValueError: no such ward. See {kept}."
    assert "no such ward" in kept.read_text()
    assert not (tmp_path / "runs" / "never.ipynb").exists()


def test_an_error_of_metriccare_inside_a_notebook_is_shown_in_its_own_words(
    spark, engine, write_notebook, tmp_path
):
    code = "from metriccare.errors import InputError\nraise InputError('The folder x is empty.')"

    with pytest.raises(
        NotebookError, match=r"^The folder x is empty\. \(strict, cell \[2\]: .*strict\.ipynb\)$"
    ):
        run_notebooks([Step(write_notebook("strict", code))], tmp_path / "runs", engine=engine)


def test_an_error_of_the_jvm_is_shown_by_its_own_first_line(spark, engine, write_notebook, tmp_path):
    code = "spark.sparkContext.textFile('file:///nowhere').count()"

    with pytest.raises(
        NotebookError, match=r"InvalidInputException: Input path does not exist: file:/nowhere"
    ):
        run_notebooks([Step(write_notebook("java", JOIN, code))], tmp_path / "runs", engine=engine)


def test_a_notebook_that_exits_early_is_a_failure(spark, engine, write_notebook, tmp_path):
    early = write_notebook("early", "import sys; sys.exit(0)", "print('never')")

    with pytest.raises(NotebookError, match="early ended early: cell 3"):
        run_notebooks([Step(early)], tmp_path / "runs", engine=engine)


def test_a_cell_that_the_kernel_refused_counts_as_not_executed(write_notebook):
    notebook = nbformat.read(write_notebook("refused", "1", "  ", "2"), as_version=4)
    for count, cell in enumerate(notebook.cells[1:], start=1):
        cell.execution_count = count
    notebook.cells[2].execution_count = notebook.cells[3].execution_count = None

    assert unexecuted_cells(notebook) == [3]


def test_a_path_with_braces_is_taken_literally(spark, engine, write_notebook, tmp_path):
    (kept,) = run_notebooks([Step(write_notebook("{odd}", "1"))], tmp_path / "{runs}", engine=engine)

    assert kept.is_file()


def test_pictures_tables_and_magics_are_kept_as_a_kernel_keeps_them(spark, engine, write_notebook, tmp_path):
    picture = "import matplotlib.pyplot as plt\n_ = plt.plot([1, 2])"
    cells = (
        "%glue_version 5.0",
        "print('out')",
        "import pandas as pd\npd.DataFrame({'a': [1]})",
        picture,
        "%status",
    )
    (kept,) = run_notebooks([Step(write_notebook("shown", *cells))], tmp_path / "runs", engine=engine)
    version, said, table, shown, status = [cell.outputs for cell in code_cells(kept)[1:]]

    assert version[0].text == "Ignored by the local kernel (AWS Glue only): glue_version 5.0\n"
    assert said[0].text == "out\n"
    assert "<table" in table[0].data["text/html"]
    assert "image/png" in shown[-1].data
    assert "shared by the run" in status[0].text or "joins the session of the run" in status[0].text


def test_a_notebook_sees_nothing_of_the_one_before(spark, engine, write_notebook, tmp_path):
    first, second = write_notebook("first", "secret = 1"), write_notebook("second", "'secret' in globals()")
    _, kept = run_notebooks([Step(first), Step(second)], tmp_path / "runs", engine=engine)

    assert results(kept) == ["False"]


def test_notebooks_in_a_row_run_in_one_kernel_which_then_stops(spark, write_notebook, tmp_path):
    cell = "import os\nos.getpid(), os.getcwd()"
    steps = [Step(write_notebook(name, cell, "os.chdir('/')")) for name in ("first", "second")]
    kept = run_notebooks(steps, tmp_path / "runs")

    (first,), (second,) = map(results, kept)
    assert first == second
    assert str(tmp_path / "runs") in first
    assert [cell.execution_count for cell in code_cells(kept[1])] == [1, 2, 3]
    assert int(first.strip("(").partition(",")[0]) not in psutil.pids()


def test_a_parameter_of_one_notebook_is_not_seen_by_the_next(spark, engine, write_notebook, tmp_path):
    first = write_notebook("first", "count")
    second = write_notebook("second", "'count' in globals()", parameters="")
    kept = run_notebooks([Step(first, {"count": 7}), Step(second)], tmp_path / "runs", engine=engine)

    assert [results(one) for one in kept] == [["7"], ["False"]]


def test_a_kernel_that_is_killed_fails_its_notebook_and_no_other_starts(spark, write_notebook, tmp_path):
    killed = write_notebook("killed", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")
    fine, never = write_notebook("fine", "1"), write_notebook("never", "1")

    with pytest.raises(NotebookError, match=r"^The kernel of killed died or stopped responding"):
        run_notebooks([Step(fine), Step(killed), Step(never)], tmp_path / "runs")

    assert sorted(path.name for path in (tmp_path / "runs").iterdir()) == ["fine.ipynb", "killed.ipynb"]


def test_a_kernel_that_is_not_installed_is_named(jvm, write_notebook, tmp_path):
    with pytest.raises(NotebookError, match=r"^The Jupyter kernel nowhere is not installed; `jupyter "):
        run_notebooks([Step(write_notebook("fine", "1"))], tmp_path / "runs", kernel="nowhere")
