"""The generator shares no code with the layers that are tested against it, else the truth would prove nothing."""

import ast
from pathlib import Path

import metriccare.generate

ALLOWED = (
    "metriccare.errors",
    "metriccare.settings",
    "metriccare.definitions.value_sets",
    "metriccare.generate",
)


def imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    return names | {
        alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    }


def test_no_layer_is_imported() -> None:
    modules = sorted(Path(metriccare.generate.__file__).parent.rglob("*.py"))
    assert len(modules) > 30
    for module in modules:
        ours = {name for name in imported(module) if name.startswith("metriccare")}
        assert all(name.startswith(ALLOWED) for name in ours), module
