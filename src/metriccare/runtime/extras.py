"""The extras of the package, checked before a command begins, so that a missing one gives a clear message."""

import sys
from importlib.util import find_spec

from metriccare.errors import MissingExtraError

# Modules that show that an extra is installed.
_RUN = ("pyspark", "papermill", "ipykernel", "faker")
_AWS = ("boto3",)
_LAB = (*_RUN, "jupyterlab")
MODULES = {
    "run": _RUN,
    "aws": _AWS,
    "lab": _LAB,
    "glue": (*_LAB, *_AWS, "aws_glue_interactive_sessions_kernel"),
}
NEWEST_FOR_SPARK = (3, 11)  # PySpark 3.5.4, the version of AWS Glue 5.0, does not support newer ones


def require(*extras: str) -> None:
    """Make sure that extras are installed.

    Raises:
        MissingExtraError: one of them is not; the text says how to get it.
    """
    for extra in extras:
        missing = [module for module in MODULES[extra] if find_spec(module) is None]
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
