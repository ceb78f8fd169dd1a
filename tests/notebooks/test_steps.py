"""The notebooks show the stages step by step: the same steps in the same order as each stage's `run`."""

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import nbformat
import pytest

from metriccare.pipeline.stages import bronze, gold, silver

ROOT = Path(__file__).parents[2]
STAGES = {"02_bronze": bronze, "03_silver": silver, "04_gold": gold}


def calls(code: str) -> Iterator[str]:
    """Yield the names of what is called, in the order of the text; those of attributes with their object."""
    found = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    for call in sorted(found, key=lambda node: (node.lineno, node.col_offset)):
        yield ast.unparse(call.func)


def steps_of_run(stage: ModuleType) -> tuple[list[str], list[str]]:
    """Return the functions of the package that the stage's `run` calls until it closes the stage, and after it."""
    (function,) = ast.parse(inspect.getsource(stage.run)).body
    assert isinstance(function, ast.FunctionDef)
    (held,) = (at for at, statement in enumerate(function.body) if isinstance(statement, ast.With))
    return _steps(stage, function.body[: held + 1]), _steps(stage, function.body[held + 1 :])


def _steps(stage: ModuleType, statements: list[ast.stmt]) -> list[str]:
    named = [name for one in statements for name in calls(ast.unparse(one))]
    functions = [name for name in named if inspect.isfunction(vars(stage).get(name))]
    return [name for name in functions if vars(stage)[name].__module__.startswith("metriccare.")]


def steps_of_notebook(name: str, wanted: set[str]) -> list[str]:
    """Return the calls of the same functions in a notebook, imported themselves or with their stage."""
    cells = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4).cells
    code = "\n".join(
        line
        for cell in cells
        if cell.cell_type == "code" and not cell.source.startswith("%%")
        for line in cell.source.splitlines()
        if not line.startswith("%")
    )
    prefix = f"{name[3:]}."
    short = [one.removeprefix(prefix) for one in calls(code)]
    return [one for one in short if one in wanted or one == "writer.close"]


@pytest.mark.parametrize(("notebook", "stage"), STAGES.items(), ids=str)
def test_a_notebook_does_the_steps_of_its_stage_and_closes_it(notebook: str, stage: ModuleType) -> None:
    held, after = steps_of_run(stage)
    assert held[0] == "open_stage"
    assert len(held) > 4
    assert steps_of_notebook(notebook, {*held, *after}) == [*held, "writer.close", *after]
