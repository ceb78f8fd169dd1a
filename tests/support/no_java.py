"""A machine without Java, for a child process: only the JRE that comes from PyPI is left."""

import os
import shutil
from pathlib import Path

# What Spark's and Hadoop's scripts call; a folder with only these on the PATH is a machine without Java.
TOOLS = ("bash", "basename", "chmod", "dirname", "env", "id", "ls", "ps", "readlink", "uname", "whoami")


def environment_without_java(folder: Path) -> dict[str, str]:
    """Return this process's environment, with a PATH that leads to no Java."""
    tools = folder / "bin"
    tools.mkdir()
    for tool in TOOLS:
        (tools / tool).symlink_to(str(shutil.which(tool)))
    return os.environ | {"PATH": str(tools), "JAVA_HOME": ""}
