"""The extras of the package, checked before a command begins, so that a missing one gives a clear message."""

import sys
from importlib.util import find_spec

from metriccare.errors import MissingExtraError

_SPARK = ("pyspark",)
_RUN = (*_SPARK, "papermill", "ipykernel")
_AWS = ("boto3",)
_LAB = (*_RUN, "jupyterlab")
# For each use, the extra that brings what it needs, and the modules that show that it is there. A Glue job can run all
# stages and has no generator.
USES = {
    "spark": ("run", _SPARK),
    "run": ("run", _RUN),
    "generate": ("run", ("faker",)),
    "aws": ("aws", _AWS),
    "lab": ("lab", _LAB),
    "glue": ("glue", (*_LAB, *_AWS, "aws_glue_interactive_sessions_kernel")),
}
NEWEST_FOR_SPARK = (3, 11)  # PySpark 3.5.4, the version of AWS Glue 5.0, does not support newer ones


def require(*uses: str) -> None:
    """Make sure that what some uses need is installed.

    Raises:
        MissingExtraError: something is not; the text says how to get it.
    """
    for extra, modules in map(USES.__getitem__, uses):
        missing = [module for module in modules if find_spec(module) is None]
        if "pyspark" in missing and sys.version_info[:2] > NEWEST_FOR_SPARK:
            raise MissingExtraError(
                f"This needs PySpark, which runs on Python 3.11 only, not on {sys.version_info[0]}."
                f"{sys.version_info[1]}: install metriccare[{extra}] with Python 3.11. Commands that only read a lake "
                "work here."
            )
        if missing:
            raise MissingExtraError(
                f"This needs {missing[0]}, which is not installed: pip install 'metriccare[{extra}]', or in a "
                "checkout `make install`."
            )
