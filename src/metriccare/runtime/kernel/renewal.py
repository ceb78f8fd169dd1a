"""What a kernel does that runs the notebooks of a run one after the other: warm up, then start each one empty."""

import gc
import os
import sys
from collections.abc import Mapping
from importlib import import_module

from IPython.core.interactiveshell import InteractiveShell

# What the notebooks import first of all. Together it takes seconds, in which Spark starts.
HEAVY = ("pandas", "pyarrow.compute", "pyspark.sql.functions", "matplotlib.figure", "scipy.special")


def warm_up() -> None:
    """Import the large libraries, before there is anything to do."""
    for name in HEAVY:
        import_module(name)


def renew(folder: str, environment: Mapping[str, str]) -> None:
    """Make this kernel as good as new: no variable, no history, cells count from 1. What was imported stays imported.

    Args:
        folder: the working directory.
        environment: variables that were set in the run's process since it started this kernel.
    """
    os.environ.update(environment)
    os.chdir(folder)
    InteractiveShell.instance().reset()  # type: ignore[no-untyped-call]
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")
    gc.collect()  # the JVM keeps what a frame of the notebook before refers to
