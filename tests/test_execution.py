import nbformat
import pytest

from metriccare.errors import NotebookError, ParameterError
from metriccare.execution import Step, run_notebooks, unexecuted_cells

JOIN = "from metriccare.spark import get_spark\nspark = get_spark()"
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


def code_cells(path):
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


def results(path):
    return [out.data["text/plain"] for cell in code_cells(path) for out in cell.outputs if "data" in out]


def test_notebooks_in_a_row_join_one_session_and_leave_it_running(spark, write_notebook, tmp_path):
    first = write_notebook("first", JOIN, PYTHON_WORKERS, HUDI_WRITE, "%stop_session")
    second = write_notebook("second", JOIN, "spark.sparkContext.applicationId", HUDI_READ)
    given = {"lake": str(tmp_path / "lake"), "count": 5}

    kept = run_notebooks([Step(first, given), Step(second, given)], tmp_path / "runs")

    assert results(kept[0]) == ["5"]
    assert results(kept[1]) == [repr(spark.sparkContext.applicationId), "5"]
    assert spark.range(2).count() == 2


@pytest.mark.parametrize("given", [{"lakes": "x"}, {"count": "many"}, {"count": True}, {"lake": 3}])
def test_an_unknown_or_ill_typed_parameter_is_refused_before_any_notebook_runs(
    write_notebook, tmp_path, given
):
    fine, wrong = write_notebook("fine", "1"), write_notebook("wrong", "1")

    with pytest.raises(ParameterError, match=f"wrong .*{next(iter(given))}"):
        run_notebooks([Step(fine), Step(wrong, given)], tmp_path / "runs")

    assert not (tmp_path / "runs").exists()


def test_a_failing_cell_is_told_in_one_sentence_and_its_notebook_is_kept(spark, write_notebook, tmp_path):
    broken = write_notebook("broken", "1", "raise ValueError('no such ward\\nsecond line')", "2")
    never = write_notebook("never", "1")

    with pytest.raises(NotebookError) as caught:
        run_notebooks([Step(broken), Step(never)], tmp_path / "runs")

    kept = tmp_path / "runs" / "broken.ipynb"
    assert str(caught.value) == f"broken failed in cell [3] with ValueError: no such ward. See {kept}."
    assert "no such ward" in kept.read_text()
    assert not (tmp_path / "runs" / "never.ipynb").exists()


def test_an_error_of_metriccare_inside_a_notebook_is_shown_in_its_own_words(spark, write_notebook, tmp_path):
    code = "from metriccare.errors import InputError\nraise InputError('The folder x is empty.')"

    with pytest.raises(
        NotebookError, match=r"^The folder x is empty\. \(strict, cell \[2\]: .*strict\.ipynb\)$"
    ):
        run_notebooks([Step(write_notebook("strict", code))], tmp_path / "runs")


def test_an_error_of_the_jvm_is_shown_by_its_own_first_line(spark, write_notebook, tmp_path):
    code = "spark.sparkContext.textFile('file:///nowhere').count()"

    with pytest.raises(
        NotebookError, match=r"InvalidInputException: Input path does not exist: file:/nowhere"
    ):
        run_notebooks([Step(write_notebook("java", JOIN, code))], tmp_path / "runs")


def test_a_notebook_that_exits_early_is_no_success(spark, write_notebook, tmp_path):
    early = write_notebook("early", "import sys; sys.exit(0)", "print('never')")

    with pytest.raises(NotebookError, match="early ended early: cell 3"):
        run_notebooks([Step(early)], tmp_path / "runs")


def test_a_cell_that_the_kernel_refused_counts_as_not_executed(write_notebook):
    notebook = nbformat.read(write_notebook("refused", "1", "  ", "2"), as_version=4)
    for count, cell in enumerate(notebook.cells[1:], start=1):
        cell.execution_count = count
    notebook.cells[2].execution_count = notebook.cells[3].execution_count = None

    assert unexecuted_cells(notebook) == [3]


def test_a_path_with_braces_is_taken_literally(spark, write_notebook, tmp_path):
    (kept,) = run_notebooks([Step(write_notebook("{odd}", "1"))], tmp_path / "{runs}")

    assert kept.is_file()
