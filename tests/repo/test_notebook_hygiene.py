from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from tools.check_notebooks import check_notebook, main
from tools.kept_outputs import TAGS

Check = Callable[..., list[str]]


def sentence() -> Any:
    return new_markdown_cell("What the next cell does.")


def clean_cells() -> list[Any]:
    parameters = new_code_cell('lake: str = ""', metadata={"tags": ["parameters"]})
    return [new_markdown_cell("# Title\nWhat for."), parameters, sentence(), new_code_cell("1 + 1")]


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """Return a function that gives the findings of a notebook with these cells."""

    def findings(*cells: Any, name: str = "metriccare", language: str = "python") -> list[str]:
        kernel = {"name": name, "language": language, "display_name": "any"}
        notebook = new_notebook(cells=[*clean_cells(), *cells], metadata={"kernelspec": kernel})
        path = tmp_path / "one.ipynb"
        nbformat.write(notebook, path)
        return list(check_notebook(path))

    return findings


def test_the_notebooks_of_the_project_are_clean(root: Path) -> None:
    notebooks = sorted((root / "notebooks").glob("*.ipynb"))
    assert notebooks
    assert [finding for path in notebooks for finding in check_notebook(path)] == []


def test_a_clean_notebook_has_no_finding(check: Check) -> None:
    assert check() == []


def test_a_cell_that_nbval_checks_keeps_its_output(check: Check) -> None:
    output = new_output("stream", text="4")
    assert check(sentence(), new_code_cell("2 + 2", outputs=[output], metadata={"tags": [*TAGS]})) == []


@pytest.mark.parametrize(
    ("tags", "outputs", "finding"),
    [
        (["keep_output"], [new_output("stream", text="4")], "has only one of the tags"),
        (["nbval-check-output"], [], "has only one of the tags"),
        (TAGS, [], "has no output to compare"),
        (TAGS, [new_output("display_data", data={"image/png": "x", "text/plain": "y"})], "more than text"),
        (
            TAGS,
            [new_output("display_data", data={"text/html": "<style>x</style><table></table>"})],
            "more than",
        ),
    ],
)
def test_outputs_are_kept_where_nbval_checks_them_and_only_as_plain_text_and_tables(
    check: Check, tags: list[str], outputs: list[Any], finding: str
) -> None:
    (found,) = check(sentence(), new_code_cell("1", outputs=outputs, metadata={"tags": [*tags]}))
    assert finding in found


def test_twelve_lines_are_enough_and_blank_ones_do_not_count(check: Check) -> None:
    assert check(sentence(), new_code_cell("\n\n".join("x = 1" for _ in range(12)))) == []


@pytest.mark.parametrize(
    ("cell", "finding"),
    [
        (new_code_cell("1", outputs=[new_output("stream", text="1")]), "has outputs"),
        (new_code_cell("1", execution_count=3), "execution count"),
        (new_code_cell("def double(x):\n    return 2 * x"), "defines a function"),
        (new_code_cell("if True:\n    class A: ..."), "defines a function or class"),
        (new_code_cell("\n".join("x = 1" for _ in range(13))), "has 13 lines"),
        (new_code_cell("1", metadata={"tags": ["parameters"]}), "2 code cells are tagged"),
    ],
)
def test_an_unclean_cell_is_reported_with_its_number(check: Check, cell: Any, finding: str) -> None:
    (found,) = check(sentence(), cell)
    assert finding in found
    assert "cell 6" in found or "parameters" in found


@pytest.mark.parametrize(
    "above", [new_code_cell("1"), new_markdown_cell("# A heading"), new_markdown_cell("Stay")]
)
def test_a_code_cell_needs_a_sentence_above_it(check: Check, above: Any) -> None:
    assert "has no text cell with a sentence above it" in check(sentence(), above, new_code_cell("1"))[-1]


def test_another_kernel_or_language_is_reported(check: Check) -> None:
    assert "the kernel is 'glue_pyspark'" in check(name="glue_pyspark")[0]
    assert "the language is 'scala'" in check(language="scala")[0]


def test_a_big_notebook_is_reported(check: Check) -> None:
    assert "bytes, at most" in check(new_markdown_cell("word " * 50_000))[0]


def test_a_broken_file_is_reported_and_sets_the_exit_status(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "broken.ipynb"
    path.write_text('{"cells": 1')
    assert main([str(path)]) == 1
    assert "broken.ipynb: is not a valid notebook" in capsys.readouterr().err
