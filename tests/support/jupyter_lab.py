"""What tests need to know of a JupyterLab that they start."""

import json
import time
from pathlib import Path

OPTIONS = ("--no-browser", "--allow-root", "--IdentityProvider.token=t")


def settings(folder: Path) -> dict[str, str]:
    """Return the variables with which JupyterLab keeps its notes in a folder, and reads none of this user's."""
    return {f"JUPYTER_{name.upper()}_DIR": str(folder / name) for name in ("runtime", "config")}


def lab_address(folder: Path) -> str:
    """Wait until the JupyterLab with these settings has noted where it is."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for file in (folder / "runtime").glob("jpserver-*.json"):
            noted = json.loads(file.read_text() or "{}")
            if noted.get("port"):
                return str(noted["url"])
        time.sleep(0.1)
    raise AssertionError("JupyterLab did not start")
