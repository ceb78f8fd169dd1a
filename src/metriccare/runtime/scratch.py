"""Where Spark keeps what it can't hold in memory: a folder of its owner's, without leftovers of killed sessions."""

import getpass
import os
import shutil
import tempfile
from pathlib import Path


def session_folder() -> Path:
    """Return a folder for the session of this process, after deleting those of processes that have ended."""
    root, prefix = private_folder(), f"session-{_namespace()}-"
    for found in root.glob(f"{prefix}*"):
        if not _is_alive(found.name.removeprefix(prefix)):
            shutil.rmtree(found, ignore_errors=True)
    made = root / f"{prefix}{os.getpid()}"
    made.mkdir(mode=0o700, exist_ok=True)
    return made


def private_folder() -> Path:
    """Return this user's folder among the temporary files, which nobody else may look into."""
    root = Path(tempfile.gettempdir()) / f"metriccare-{getpass.getuser()}"
    root.mkdir(mode=0o700, exist_ok=True)
    if root.is_symlink() or root.stat().st_uid != os.getuid():  # somebody else has put it there
        return Path(tempfile.mkdtemp(prefix=f"{root.name}-"))
    root.chmod(0o700)
    return root


def _namespace() -> int:
    """Return in which container the numbers of processes hold, as two may share their temporary files; 0 without."""
    try:
        return Path("/proc/self/ns/pid").stat().st_ino
    except OSError:
        return 0


def _is_alive(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except PermissionError:
        return True
    except (ProcessLookupError, ValueError):
        return False
    return True
