"""The naive check must not lean on what it checks."""

import ast
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
OWN = {"tests.proofs.independent.choices", "tests.proofs.independent.raw"}


def imported(path: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    froms = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    return froms | {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}


@pytest.mark.parametrize("name", ["naive.py", "raw.py", "choices.py", "courses.py", "found_before.py"])
def test_it_imports_the_standard_library_and_itself_only(name: str) -> None:
    allowed = sys.stdlib_module_names | ({"hypothesis"} if name == "courses.py" else set())
    assert {module for module in imported(HERE / name) - OWN if module.split(".")[0] not in allowed} == set()
