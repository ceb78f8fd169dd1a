"""The whole way from FHIR files to measures: MetricCare beside DuckDB and plain Spark, on three workloads.

    make bench                                  # S and M: 10,000 and 100,000 patients
    make bench SIZES=S TURNS=1

`full`: everything from the first export. `delivery`: one more delivery of 1 % of the patients, as
`metriccare generate --batches` makes them; plain Spark, which keeps no state, makes everything anew. `nothing`: no new
file. Within each turn the three alternate. After the first turn their numbers are compared. All figures go to a JSON
file, also those of every single run.
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
AIMS = {
    "delivery, seconds of work against full": 0.1,
    "delivery, bytes against full": 0.05,
    "nothing, seconds": 1.0,
    "full, seconds of work against plain spark": 1.3,
}


@dataclass(frozen=True)
class Place:
    """The folders of one size.

    Attributes:
        root: holds all others.
        patients: how many the first export has.
    """

    root: Path
    patients: int

    @property
    def raw(self) -> Path:
        """The files that have come so far."""
        return self.root / "raw"

    def lake(self, side: str, workload: str, turn: int | str = "{turn}") -> Path:
        """The tables of one side after a workload; `nothing` looks at those of the delivery."""
        return self.root / "lakes" / f"{side.replace(' ', '-')}-{workload}-{turn}"

    def make(self, seed: int) -> None:
        """Generate both deliveries, and let the first one come."""
        generate(self.patients, seed, self.root / "generated", batches=1, batch_share=SHARE)
        shutil.rmtree(self.raw, ignore_errors=True)
        shutil.rmtree(self.root / "lakes", ignore_errors=True)
        self.come(FIRST)

    def come(self, name: str) -> None:
        """Let a delivery come."""
        shutil.copytree(self.root / "generated" / "json" / name, self.raw / name, copy_function=os.link)


def jobs(place: Place, workload: str) -> list[Job]:
    """Return what is run in each turn; plain Spark has nothing to do where nothing is new."""
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
    """Yield each workload with its costs."""
    for workload in ("full", "delivery", "nothing"):
        if workload == "delivery":
            place.come(NEXT)
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
    told = subprocess.run(command, cwd=PROJECT, stdout=subprocess.PIPE, check=True, text=True)
    found: list[dict[str, Any]] = json.loads(told.stdout)
    return found


def aims(found: dict[str, dict[str, dict[str, float]]]) -> dict[str, float]:
    """Return what the aims of issue 5 look at, from the medians by workload and side."""
    full, delivery, nothing = (found[workload][METRICCARE] for workload in ("full", "delivery", "nothing"))
    plain = found["full"][SPARK]
    reached = (
        delivery["work_s"] / full["work_s"],
        delivery["written_mb"] / full["written_mb"],
        nothing["wall_s"],
        full["work_s"] / plain["work_s"],
    )
    return dict(zip(AIMS, reached, strict=True))


def bench(name: str, work: Path, turns: int, seed: int) -> dict[str, Any]:
    """Measure one size; print tables, and return everything."""
    place = Place(work / name, SIZES[name])
    place.make(seed)
    costs = dict(measure(place, turns))
    found = {workload: medians(runs) for workload, runs in costs.items()}
    differing = {workload: differences(place, workload) for workload in ("full", "delivery")}
    parts = {
        workload: breakdown(place.lake(METRICCARE, workload, 1), costs[workload][0].wall_s)
        for workload in ("full", "delivery")
    }
    told = aims(found)
    _print(name, costs, differing, parts, told)
    return {
        "patients": SIZES[name],
        "medians": found,
        "aims": told,
        "differences": differing,
        "breakdown": parts,
        "runs": {workload: [asdict(one) for one in runs] for workload, runs in costs.items()},
    }


def _print(
    name: str,
    costs: dict[str, list[Cost]],
    differing: dict[str, list[str]],
    parts: dict[str, dict[str, float]],
    told: dict[str, float],
) -> None:
    print(f"\nSize {name}: {SIZES[name]:,} patients, medians")
    for workload, runs in costs.items():
        print(f"\n{workload}\n{table(runs)}")
    for workload, sentences in differing.items():
        print(f"\nNumbers after {workload}: " + ("\n".join(sentences) or "the same on all three sides"))
    for workload, seconds in parts.items():
        print(f"\nWhere the seconds of metriccare's first {workload} went")
        print("\n".join(f"{value:>8.1f}  {part}" for part, value in seconds.items()))
    print("\nAims")
    for aim, value in told.items():
        print(f"{value:>8.3f}  {aim} (at most {AIMS[aim]:g}{'' if value <= AIMS[aim] else ': NOT REACHED'})")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the sizes that the command line names; exit status 1 if the sides do not agree."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--size", action="append", choices=SIZES, help="May be repeated.  [default: S and M]")
    add("--turns", type=int, default=3, help="Runs of each.  [default: 3]")
    add("--seed", type=int, default=7, help="Of the synthetic data.  [default: 7]")
    add("--work", type=Path, default=Path(".bench"), help="Data and lakes.  [default: .bench]")
    add("--out", type=Path, help="All figures, as JSON.  [default: bench.json in the work folder]")
    given = parser.parse_args(arguments)
    work = given.work.resolve()
    found = {name: bench(name, work, given.turns, given.seed) for name in given.size or ("S", "M")}
    out = given.out or work / "bench.json"
    out.write_text(json.dumps({"cores": os.cpu_count(), "sizes": found}, indent=1))
    print(f"\nAll figures: {out}")
    sys.exit(any(any(one["differences"].values()) for one in found.values()))


if __name__ == "__main__":
    main()
