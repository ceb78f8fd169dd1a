"""A pytest plugin that makes nbval compare the kept outputs of notebooks.

Usage: `pytest -p nbval.plugin -p tools.nbval_kept --nbval-lax notebooks/*.ipynb`.

nbval compares nothing for a cell without an execution count, because it seems never to have run. Ours have none, so
that a diff only shows changes. Outputs are compared in the form in which they would be kept (`kept_outputs`).
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from tools.kept_outputs import as_kept, is_checked


def pytest_collection_modifyitems(items: list[Any]) -> None:
    """Prepare the checked cells."""
    for item in items:
        if hasattr(item, "cell") and is_checked(item.cell):
            item.cell.execution_count = 1
            item.compare_outputs = partial(_compare, item.compare_outputs)


def _compare(compare: Callable[[Any, Any], bool], found: list[Any], kept: list[Any]) -> bool:
    return compare(as_kept(found), kept)
