"""Speed and memory of the generator on one core: `python benchmarks/generate.py --patients 50000 --seed 7`.

The target is 50,000 resources per second, written as NDJSON together with the truth, in constant memory.
"""

import argparse
import resource
import tempfile
import time
from pathlib import Path

from metriccare.generate import Summary, generate

TARGET = 50_000
MEGABYTE = 1_000_000


def main() -> None:
    """Generate one set into a temporary folder and print what it took."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--patients", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        wall, core = time.perf_counter(), time.process_time()
        summary = generate(arguments.patients, arguments.seed, Path(folder))
        report(summary, time.perf_counter() - wall, time.process_time() - core)


def report(summary: Summary, wall: float, core: float) -> None:
    """Print the figures as a table; `wall` and `core` are seconds by the clock and on the processor."""
    resources = sum(summary.counts.values())
    size = sum(path.stat().st_size for path in summary.out.rglob("*") if path.is_file())
    rows = {
        "patients": f"{summary.counts['Patient']:,}",
        "stays": f"{summary.stays:,}",
        "resources": f"{resources:,}",
        "seconds (wall / core)": f"{wall:.2f} / {core:.2f}",
        f"resources/s (target {TARGET:,})": f"{resources / wall:,.0f}",
        "resources per second of core": f"{resources / core:,.0f}",
        "MB/s": f"{size / wall / MEGABYTE:,.1f}",
        "peak memory, MB": f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEGABYTE:,.0f}",
    }
    for name, value in rows.items():
        print(f"{name:<32}{value:>20}")


if __name__ == "__main__":
    main()
