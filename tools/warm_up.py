"""Lets one run leave the archive of the JVM's classes, before the tests start dozens of sessions (decision 0037).

It is done once per environment. Where there is none in the end, tests take longer, no more.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from metriccare.errors import JavaError
from metriccare.runtime.class_archive import archive_options
from metriccare.runtime.jars import classes_folder, jars
from metriccare.runtime.java import find_java

LONGEST_SECONDS = 60
_COMMAND = (str(Path(sys.executable).with_name("metriccare")), "run", "--generate", "50")


def has_archive() -> bool:
    """Tell whether a session would use an archive."""
    return archive_options(classes_folder(), find_java(), jars(), is_recorded=False) != ""


def main() -> None:
    """Make the archive if there is none."""
    try:
        if has_archive():
            return
    except JavaError:
        return  # the tests say what is missing
    print("A first run leaves an archive of the JVM's classes (once, half a minute).", flush=True)
    inherited = {name: value for name, value in os.environ.items() if name != "METRICCARE_JAVA_OPTIONS"}
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(_COMMAND, cwd=folder, env=inherited, capture_output=True, check=False)  # noqa: S603  (our own)
    deadline = time.monotonic() + (LONGEST_SECONDS if done.returncode == 0 else 0)
    while not has_archive() and time.monotonic() < deadline:
        time.sleep(0.5)


if __name__ == "__main__":
    main()
