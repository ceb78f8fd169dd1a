"""Spares Spark's Python workers what they would do again after every task, which takes a tenth of a second of CPU.

A worker is used for many tasks. Between two of them it looks for garbage among all that its modules have made, and
reads the directory of each zip file again that modules were imported from (Spark's own are).
"""

import gc
import sys
from zipimport import zipimporter

from pyspark import TaskContext

_frozen: list[int] = [0]  # how many modules there were


def settle() -> None:
    """Prepare this worker for its next task; called by a task. Does nothing in another process."""
    if TaskContext.get() is None:
        return
    if len(sys.modules) != _frozen[0]:
        _frozen[0] = len(sys.modules)
        gc.collect()
        gc.freeze()
    for path, finder in list(sys.path_importer_cache.items()):
        if isinstance(finder, zipimporter):
            del sys.path_importer_cache[path]  # made again where a module is imported from it
