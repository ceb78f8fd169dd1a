"""The generator streams: ten times the patients take the same memory."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

# In a process of its own: which caches are filled must not depend on the tests before it.
TRACED = """
import json, sys, tracemalloc
from pathlib import Path
from metriccare.generate import generate
out, options = Path(sys.argv[1]), json.loads(sys.argv[2])
generate(600, 7, out / "warm", **options)  # fills the caches, whose size is that of the codes and days there are
for patients in (150, 600):
    tracemalloc.start()
    generate(patients, 7, out / str(patients), **options)
    print(tracemalloc.get_traced_memory()[1])
    tracemalloc.stop()
"""
PEAK = """
import resource, sys
from pathlib import Path
from metriccare.generate import generate
generate(patients=int(sys.argv[1]), seed=5, out=Path(sys.argv[2]))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def printed(code: str, *arguments: object) -> list[int]:
    """Run code in a process of its own; return the numbers that it prints."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return [int(line) for line in done.stdout.split()]


def peak_memory(patients: int, out: Path) -> int:
    (peak,) = printed(PEAK, patients, out)
    return peak


@pytest.mark.parametrize("options", [{}, {"batches": 2}], ids=["one export", "deliveries"])
def test_memory_does_not_grow_with_the_patients(tmp_path: Path, options: dict[str, int]) -> None:
    few, many = printed(TRACED, tmp_path, json.dumps(options))
    assert many < 1.3 * few + 200_000


@pytest.mark.long
def test_ten_times_the_patients_take_the_same_memory(tmp_path: Path) -> None:
    assert peak_memory(100_000, tmp_path / "large") < 1.2 * peak_memory(10_000, tmp_path / "small")
