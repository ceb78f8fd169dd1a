"""The cost of input formats: many small files against one NDJSON file, and memory against the size of a file.

Each figure is that of a process of its own, which takes a folder into a new bronze. Run from the project's folder:

    PYTHONPATH=src python -m benchmarks.input many-files --files 16000
    PYTHONPATH=src python -m benchmarks.input large-file --megabytes 1000 --megabytes 10000
"""

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.pipeline.measure import FIGURES, Cost, Job, alternate

MEGABYTE = 1_000_000


def main() -> None:
    """Do one of the comparisons, or take a folder, which is the job that they measure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True, dest="command")
    many = commands.add_parser("many-files")
    many.add_argument("--files", type=int, default=16_000)
    many.add_argument("--turns", type=int, default=1)
    large = commands.add_parser("large-file")
    large.add_argument("--megabytes", type=int, action="append", required=True)
    job = commands.add_parser("take")
    job.add_argument("raw")
    job.add_argument("lake")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if given.command == "take":
            take(given.raw, given.lake)
        elif given.command == "many-files":
            many_files(Path(folder), given.files, given.turns)
        else:
            large_file(Path(folder), given.megabytes)


def many_files(folder: Path, count: int, turns: int) -> None:
    """Compare the same resources as one file each and as NDJSON."""
    (folder / "single").mkdir()
    (folder / "lines").mkdir()
    with (folder / "lines" / "all.ndjson").open("wb") as lines:
        for number, line in zip(range(count), _resources(), strict=False):
            (folder / "single" / f"{number}.json").write_bytes(
                json.dumps(json.loads(line), indent=2).encode()
            )
            lines.write(line)
    costs = list(alternate([_job(folder, name) for name in ("single", "lines")], turns))
    _show(costs)
    walls = {name: min(cost.wall_s for cost in costs if cost.name == name) for name in ("single", "lines")}
    print(f"\n{count:,} files take {walls['single'] / walls['lines']:.2f} times what the lines take")


def large_file(folder: Path, sizes: list[int]) -> None:
    """Take NDJSON files of different sizes, one after the other."""
    for size in sizes:
        raw = folder / str(size)
        raw.mkdir()
        block = b"".join(line for _, line in zip(range(20_000), _resources(), strict=False))
        with (raw / "all.ndjson").open("wb") as file:
            while file.tell() < size * MEGABYTE:
                file.write(block)
        _show(list(alternate([_job(folder, str(size))], 1)))
        shutil.rmtree(raw)
        shutil.rmtree(folder / f"lake-{size}")


def _resources() -> Iterator[bytes]:
    """Yield lines of Encounters, each of about a thousand bytes."""
    number = 0
    while True:
        resource = {
            "resourceType": "Encounter",
            "id": f"e{number}",
            "meta": {"lastUpdated": "2025-03-10T00:00:00Z", "versionId": "1"},
            "status": "finished",
            "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "IMP"},
            "subject": {"reference": f"Patient/p{number}"},
            "period": {"start": "2025-03-01T10:00:00-05:00", "end": "2025-03-04T10:00:00-05:00"},
            "text": {"status": "generated", "div": "<div>" + f"Visit {number}. " * 40 + "</div>"},
        }
        yield json.dumps(resource).encode() + b"\n"
        number += 1


def _job(folder: Path, name: str) -> Job:
    lake = folder / f"lake-{name}"
    command = [sys.executable, "-m", "benchmarks.input", "take", str(folder / name), str(lake)]
    return Job(name, command, lake, prepare=lambda _: shutil.rmtree(lake, ignore_errors=True))


def _show(costs: list[Cost]) -> None:
    print(f"{'':12}" + "".join(f"{name:>12}" for name in FIGURES))
    for cost in costs:
        print(f"{cost.name:12}" + "".join(f"{getattr(cost, name):>12,.1f}" for name in FIGURES), flush=True)


def take(raw: str, lake: str) -> None:
    """Take a folder into the bronze of a new lake, as 02_bronze does."""
    from metriccare.pipeline.stages import bronze
    from metriccare.runtime.spark import get_spark
    from metriccare.settings import Lake

    spark = get_spark(lake, raw)
    bronze.run(spark, Lake.at(lake), raw, datetime.now(UTC))
    spark.stop()


if __name__ == "__main__":
    main()
