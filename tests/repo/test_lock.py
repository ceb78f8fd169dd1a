from pathlib import Path

import pytest
from tools.check_lock import check_lock

HASH = "--hash=sha256:" + "0" * 64
PYPROJECT = """
[build-system]
requires = []
[project]
dependencies = ["iniconfig>=2"]
[project.optional-dependencies]
dev = []
"""


def test_the_lock_is_in_step_with_pyproject_and_holds_only_hashed_pins(root: Path) -> None:
    # What is installed is left out: `make check` compares that too.
    findings = check_lock((root / "pyproject.toml").read_text(), (root / "requirements.lock").read_text())
    assert [finding for finding in findings if "is installed" not in finding] == []


@pytest.mark.parametrize(
    ("lock", "finding"),
    [
        (f"pluggy==1.0 {HASH}", "lacks iniconfig"),
        (f"iniconfig==1.1 {HASH}", "iniconfig==1.1 is not iniconfig>=2"),
        ("iniconfig==2.0", "iniconfig==2.0 has no hash"),
        (f"iniconfig==2.0 {HASH}\npluggy==1.0 {HASH}", "nothing needs pluggy"),
        (f"iniconfig==2.0 ; python_version < '3' {HASH}", "lacks iniconfig"),
        ("-i https://example.org/simple", "is no pin"),
        (f"iniconfig @ https://example.org/iniconfig.whl {HASH}", "is no pin"),
    ],
)
def test_a_lock_out_of_step_is_told(lock: str, finding: str) -> None:
    assert finding in "\n".join(check_lock(PYPROJECT, lock))
