"""Commands that rights on files apply to, also where root runs the tests."""

import os
import shutil

import pytest

CAPABILITIES = "-dac_override,-dac_read_search"


def unprivileged(*command: str) -> list[str]:
    """Return the command so that it may read and write only what its owner may."""
    if os.geteuid() != 0:
        return list(command)
    if shutil.which("setpriv") is None:
        pytest.skip("root may read and write everything, and setpriv is not there to change that")
    return ["setpriv", f"--bounding-set={CAPABILITIES}", f"--inh-caps={CAPABILITIES}", *command]
