"""The generator streams: ten times the patients take the same memory."""

import subprocess
import sys
from pathlib import Path

import pytest

PEAK = """
import resource, sys
from pathlib import Path
from metriccare.generate import generate
generate(patients=int(sys.argv[1]), seed=5, out=Path(sys.argv[2]))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def peak_memory(patients: int, out: Path) -> int:
    command = [sys.executable, "-c", PEAK, str(patients), str(out)]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


@pytest.mark.long
def test_ten_times_the_patients_take_the_same_memory(tmp_path: Path) -> None:
    assert peak_memory(100_000, tmp_path / "large") < 1.2 * peak_memory(10_000, tmp_path / "small")
