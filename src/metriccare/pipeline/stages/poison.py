"""Files that end the process that reads them: found by reading fewer and fewer of them together."""

from collections.abc import Callable, Sequence

from py4j.protocol import Py4JJavaError
from pyspark.sql import DataFrame

from metriccare.lake.raw_files import RawFile

_SIGNS = ("Python worker exited unexpectedly", "Python worker failed", "java.io.EOFException")


def is_crash(error: Exception) -> bool:
    """Tell whether a Python process of Spark has died, rather than raised an error."""
    text = str(error)
    return isinstance(error, Py4JJavaError) and any(sign in text for sign in _SIGNS)


def find_poison(files: Sequence[RawFile], scan: Callable[[list[RawFile]], DataFrame]) -> list[RawFile]:
    """Return the files that end the process that reads them; each half of files that do is looked at by itself.

    Args:
        files: which together have done so.
        scan: gives the rows of files.
    """
    return [file for half in _halves(files) if _is_deadly(half, scan) for file in _narrowed(half, scan)]


def _narrowed(files: Sequence[RawFile], scan: Callable[[list[RawFile]], DataFrame]) -> list[RawFile]:
    return list(files) if len(files) == 1 else find_poison(files, scan)


def _halves(files: Sequence[RawFile]) -> list[Sequence[RawFile]]:
    middle = len(files) // 2
    return [half for half in (files[:middle], files[middle:]) if half]


def _is_deadly(files: Sequence[RawFile], scan: Callable[[list[RawFile]], DataFrame]) -> bool:
    try:
        scan(list(files)).write.format("noop").mode("overwrite").save()
    except Py4JJavaError as error:
        if is_crash(error):
            return True
        raise
    return False
