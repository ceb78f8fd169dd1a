"""The whole pipeline from FHIR files to measures: MetricCare against DuckDB and plain Spark, on three workloads.

    make bench                                  # S and M: 10,000 and 100,000 patients
    make bench SIZES=S TURNS=1

`full`: build everything from the first export. `delivery`: one more delivery of 1 % of the patients, from `metriccare
generate --batches`; plain Spark, which keeps no state, recomputes everything. `nothing`: no new file. The three sides
alternate within each turn. After the first turn their numbers are compared. All figures, including those of every
single run, are written to a JSON file.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from benchmarks.pipeline.cell_times import breakdown, work_seconds
from benchmarks.pipeline.compare import STRATA, compare
from benchmarks.pipeline.measure import Cost, Job, alternate, medians, table
from benchmarks.pipeline.tables import table_path

from metriccare.generate import generate

PROJECT = Path(__file__).parents[2]
SIZES = {"XS": 1_000, "S": 10_000, "M": 100_000}
SHARE = 0.01
FIRST, NEXT = "delivery=00", "delivery=01"
METRICCARE, DUCKDB, SPARK = "metriccare", "duckdb", "plain spark"
MEMORY = {"METRICCARE_DRIVER_MEMORY": "2g"}
COMMAND = str(Path(sys.executable).with_name("metriccare"))
TARGETS = {
    "delivery, seconds of work against full": 0.1,
    "delivery, bytes against full": 0.05,
    "nothing, seconds": 1.0,
    "full, seconds of work against plain spark": 1.3,
}


@dataclass(frozen=True)
class Place:
    """The folders of one size.

    Attributes:
        root: the folder that contains all others.
        patients: the number of patients in the first export.
    """

    root: Path
    patients: int

    @property
    def raw(self) -> Path:
        """The files delivered so far."""
        return self.root / "raw"

    def lake(self, side: str, workload: str, turn: int | str = "{turn}") -> Path:
        """The tables of one side after a workload; `nothing` uses those of the delivery."""
        return self.root / "lakes" / f"{side.replace(' ', '-')}-{workload}-{turn}"

    def prepare(self, seed: int) -> None:
        """Generate both deliveries, and put the first one into the raw folder."""
        generate(self.patients, seed, self.root / "generated", batches=1, batch_share=SHARE)
        shutil.rmtree(self.raw, ignore_errors=True)
        shutil.rmtree(self.root / "lakes", ignore_errors=True)
        self.deliver(FIRST)

    def deliver(self, name: str) -> None:
        """Put a delivery into the raw folder."""
        shutil.copytree(self.root / "generated" / "json" / name, self.raw / name, copy_function=os.link)


def jobs(place: Place, workload: str) -> list[Job]:
    """Return the jobs of each turn; `nothing` has none for plain Spark, which keeps no state."""
    sides = (METRICCARE, DUCKDB) if workload == "nothing" else (METRICCARE, DUCKDB, SPARK)
    return [_job(place, workload, side) for side in sides]


def _job(place: Place, workload: str, side: str) -> Job:
    lake = place.lake(side, "delivery" if workload == "nothing" else workload)
    raw = ["--raw", str(place.raw), "--lake", str(lake)]
    module = [sys.executable, "-m"]
    commands = {
        METRICCARE: [COMMAND, "run", *raw],
        DUCKDB: [*module, "benchmarks.pipeline.duckdb_pipeline", *raw],
        SPARK: [*module, "benchmarks.pipeline.spark_pipeline", *raw],
    }

    def prepare(turn: int) -> None:
        if workload == "delivery" and side != SPARK:
            shutil.copytree(place.lake(side, "full", turn), place.lake(side, workload, turn))

    def work(folder: Path, output: str) -> float:
        if side == METRICCARE:
            return work_seconds(folder)
        found: float = json.loads(output.splitlines()[-1])["work_s"]
        return found

    return Job(
        side,
        commands[side],
        lake,
        prepare,
        MEMORY | {"PYTHONPATH": str(PROJECT)},
        PROJECT,
        None if workload == "nothing" else work,
    )


def measure(place: Place, turns: int) -> Iterator[tuple[str, list[Cost]]]:
    """Run each workload and yield it with its costs."""
    for workload in ("full", "delivery", "nothing"):
        if workload == "delivery":
            place.deliver(NEXT)
        costs = []
        for one in alternate(jobs(place, workload), turns):
            print(f"{workload}, turn {one.turn}, {one.name}: {one.wall_s:.1f} s", file=sys.stderr)
            costs.append(one)
        yield workload, costs


def differences(place: Place, workload: str) -> list[str]:
    """Compare the numbers of the three sides after a workload."""
    ours = [row for stratum in STRATA for row in _measures(place.lake(METRICCARE, workload, 1), stratum)]
    duck = pq.read_table(table_path(place.lake(DUCKDB, workload, 1), "measure_result")).to_pylist()
    plain = pq.read_table(place.lake(SPARK, workload, 1) / "gold.measure_result").to_pylist()
    plain = [row for row in plain if row["profile"] == "all_adult"]
    return compare(duck, ours) + compare(plain, ours, "plain Spark")


def _measures(lake: Path, stratum: str) -> list[dict[str, Any]]:
    command = [
        COMMAND,
        "measures",
        "--lake",
        str(lake),
        "--unsuppressed",
        "--format",
        "json",
    ]
    command += [] if stratum == "all" else ["--by", stratum]
    done = subprocess.run(command, cwd=PROJECT, stdout=subprocess.PIPE, check=True, text=True)
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def compare_with_targets(found: dict[str, dict[str, dict[str, float]]]) -> dict[str, float]:
    """Return the figures that have targets, from the medians by workload and side."""
    full, delivery, nothing = (found[workload][METRICCARE] for workload in ("full", "delivery", "nothing"))
    plain = found["full"][SPARK]
    reached = (
        delivery["work_s"] / full["work_s"],
        delivery["written_mb"] / full["written_mb"],
        nothing["wall_s"],
        full["work_s"] / plain["work_s"],
    )
    return dict(zip(TARGETS, reached, strict=True))


def bench(name: str, work: Path, turns: int, seed: int) -> dict[str, Any]:
    """Measure one size; print tables, and return all figures."""
    place = Place(work / name, SIZES[name])
    place.prepare(seed)
    costs = dict(measure(place, turns))
    found = {workload: medians(runs) for workload, runs in costs.items()}
    differing = {workload: differences(place, workload) for workload in ("full", "delivery")}
    parts = {
        workload: breakdown(place.lake(METRICCARE, workload, 1), costs[workload][0].wall_s)
        for workload in ("full", "delivery")
    }
    reached = compare_with_targets(found)
    _print(name, costs, differing, parts, reached)
    return {
        "patients": SIZES[name],
        "medians": found,
        "targets": reached,
        "differences": differing,
        "breakdown": parts,
        "runs": {workload: [asdict(one) for one in runs] for workload, runs in costs.items()},
    }


def _print(
    name: str,
    costs: dict[str, list[Cost]],
    differing: dict[str, list[str]],
    parts: dict[str, dict[str, float]],
    reached: dict[str, float],
) -> None:
    print(f"\nSize {name}: {SIZES[name]:,} patients, medians")
    for workload, runs in costs.items():
        print(f"\n{workload}\n{table(runs)}")
    for workload, sentences in differing.items():
        print(f"\nNumbers after {workload}: " + ("\n".join(sentences) or "identical on all three sides"))
    for workload, seconds in parts.items():
        print(f"\nSeconds of metriccare's first {workload} by cell")
        print("\n".join(f"{value:>8.1f}  {part}" for part, value in seconds.items()))
    print("\nTargets")
    for target, value in reached.items():
        missed = "" if value <= TARGETS[target] else ": MISSED"
        print(f"{value:>8.3f}  {target} (at most {TARGETS[target]:g}{missed})")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the sizes given on the command line; exit status 1 if the sides do not agree."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--size", action="append", choices=SIZES, help="May be repeated.  [default: S and M]")
    add("--turns", type=int, default=3, help="Number of runs per side.  [default: 3]")
    add("--seed", type=int, default=7, help="Seed of the synthetic data.  [default: 7]")
    add("--work", type=Path, default=Path(".bench"), help="Folder of data and lakes.  [default: .bench]")
    add("--out", type=Path, help="File for all figures, as JSON.  [default: bench.json in the work folder]")
    given = parser.parse_args(arguments)
    work = given.work.resolve()
    found = {name: bench(name, work, given.turns, given.seed) for name in given.size or ("S", "M")}
    out = given.out or work / "bench.json"
    out.write_text(json.dumps({"cores": os.cpu_count(), "sizes": found}, indent=1))
    print(f"\nAll figures: {out}")
    sys.exit(any(any(one["differences"].values()) for one in found.values()))


if __name__ == "__main__":
    main()
