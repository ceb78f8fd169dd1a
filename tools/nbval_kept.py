"""A pytest plugin that lets nbval compare the outputs which notebooks keep.

It is used by `pytest -p nbval.plugin -p tools.nbval_kept --nbval-lax notebooks/*.ipynb`.

nbval takes a cell without an execution count for one that never ran and compares nothing; ours have none, so that a
diff shows what changed only. And what a cell gives is compared as it would be kept (`kept_outputs`).
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from tools.kept_outputs import as_kept, is_checked


def pytest_collection_modifyitems(items: list[Any]) -> None:
    """Prepare the checked cells among the tests."""
    for item in items:
        if hasattr(item, "cell") and is_checked(item.cell):
            item.cell.execution_count = 1
            item.compare_outputs = partial(_compare, item.compare_outputs)


def _compare(compare: Callable[[Any, Any], bool], found: list[Any], kept: list[Any]) -> bool:
    return compare(as_kept(found), kept)
