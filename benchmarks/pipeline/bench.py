"""The whole pipeline from FHIR files to measures: MetricCare against DuckDB and plain Spark.

    make bench                                              # everything, three turns
    make bench ONLY="full-S delivery-S" TURNS=1             # two workloads, once
    python -m benchmarks.pipeline.bench --only full-S delivery-S --patients S=200 M=300

Every turn does all workloads, and within each the sides alternate. Medians of the turns are given in D: the time that
DuckDB takes for the full build of M in the same run, which is therefore always measured. After the first turn the
numbers of the sides are compared. All figures, including those of every single run, are written to a JSON file.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.pipeline import duckdb_pipeline, spark_pipeline
from benchmarks.pipeline.cell_times import breakdown
from benchmarks.pipeline.compare import STRATA, compare
from benchmarks.pipeline.measure import Cost, Job, cost, in_turn, medians, table
from benchmarks.pipeline.ratios import in_units, ratios, unit
from benchmarks.pipeline.workloads import (
    BIN,
    DUCKDB,
    ENVIRONMENT,
    METRICCARE,
    PATIENTS,
    PROJECT,
    SPARK,
    STATEFUL,
    WORKLOADS,
    Place,
    Workload,
    job,
    make_run,
    places,
    selected,
)

Costs = dict[str, list[Cost]]  # by workload
COMPARED = ("full", "delivery")


def build_bases(workloads: Sequence[Workload], known: Mapping[str, Place]) -> None:
    """Build, unmeasured, the lakes that are delivered to and that no measured full build leaves."""
    made = {(one.size, side) for one in workloads if one.kind == "full" for side in one.sides}
    needed = {
        (one.size, side) for one in workloads if one.kind in ("nothing", "delivery") for side in one.sides
    }
    for size, side in sorted(needed - made):
        if side in STATEFUL:
            print(f"{side}: builds the lake of {size}", file=sys.stderr)
            known[size].offer("full")
            cost(job(Workload("full", size), known[size], side).of_turn(1))


def measure(
    workloads: Sequence[Workload], known: Mapping[str, Place], turns: int, make: Job
) -> Iterator[tuple[Workload, Cost]]:
    """Do all workloads in each turn, and yield the cost of each run; only the lakes of the first turn are kept."""
    for turn in range(1, turns + 1):
        for workload in workloads:
            place = known.get(workload.size)
            if place:
                place.offer(workload.kind)
            jobs = [job(workload, place, side) for side in workload.sides] if place else [make]
            for one in in_turn(jobs, turn):
                print(f"turn {turn}, {workload.name}, {one.name}: {one.wall_s:.1f} s", file=sys.stderr)
                yield workload, one
                if place and turn > 1 and workload.kind in COMPARED:
                    shutil.rmtree(place.lake(one.name, workload.kind, turn))


def differences(place: Place, workload: Workload) -> list[str]:
    """Compare the numbers of the sides after the first turn of a workload."""
    ours = [row for stratum in STRATA for row in _measures(place.lake(METRICCARE, workload.kind, 1), stratum)]
    found = compare(duckdb_pipeline.results(place.lake(DUCKDB, workload.kind, 1)), ours)
    if SPARK in workload.sides:
        found += compare(spark_pipeline.results(place.lake(SPARK, workload.kind, 1)), ours, "plain Spark")
    return found


def _measures(lake: Path, stratum: str) -> list[dict[str, Any]]:
    command = [str(BIN / "metriccare"), "measures", "--lake", str(lake), "--unsuppressed", "--format", "json"]
    command += [] if stratum == "all" else ["--by", stratum]
    done = subprocess.run(
        command, cwd=PROJECT, env=os.environ | ENVIRONMENT, stdout=subprocess.PIPE, check=True, text=True
    )
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def bench(
    workloads: Sequence[Workload], work: Path, patients: Mapping[str, int], turns: int, seed: int
) -> dict[str, Any]:
    """Measure the workloads; print tables, and return all figures."""
    known = places(work, patients, workloads)
    for place in known.values():
        place.generate(seed)
    build_bases(workloads, known)
    costs: Costs = {workload.name: [] for workload in workloads}
    for workload, one in measure(workloads, known, turns, make_run(work / "run", patients["run"])):
        costs[workload.name].append(one)
    ours = [one for one in workloads if one.kind in COMPARED and METRICCARE in one.sides]
    found = {name: medians(runs) for name, runs in costs.items()}
    figures = {
        "patients": dict(patients),
        "d_seconds": unit(found),
        "in_d": in_units(found),
        "ratios": {name: ratio._asdict() for name, ratio in ratios(found).items()},
        "medians": found,
        "differences": {one.name: differences(known[one.size], one) for one in ours},
        "breakdown": {
            one.name: breakdown(known[one.size].lake(METRICCARE, one.kind, 1), _first_wall(costs[one.name]))
            for one in ours
        },
        "runs": {name: [asdict(run) for run in runs] for name, runs in costs.items()},
    }
    report(costs, figures)
    return figures


def _first_wall(runs: Sequence[Cost]) -> float:
    return next(one.wall_s for one in runs if one.name == METRICCARE)


def report(costs: Costs, figures: Mapping[str, Any]) -> None:
    """Print the figures of `bench`."""
    for name, runs in costs.items():
        print(f"\n{name}, medians\n{table(runs)}")
    for name, seconds in figures["breakdown"].items():
        print(f"\nSeconds of metriccare's first {name} by cell")
        print("\n".join(f"{value:>8.1f}  {part}" for part, value in seconds.items()))
    for name, sentences in figures["differences"].items():
        print(f"\nNumbers after {name}: " + ("\n".join(sentences) or "the same on all sides"))
    print(f"\nWall time in D, the {figures['d_seconds']:.2f} seconds of DuckDB for full-M")
    for name, sides in figures["in_d"].items():
        print(f"{name:<12}" + "".join(f"{side:>14} {value:6.2f}" for side, value in sides.items()))
    print("\nRatios")
    for name, ratio in figures["ratios"].items():
        print(f"{ratio['value']:>8.3f}  {name}{_against(ratio)}")


def _against(ratio: Mapping[str, Any]) -> str:
    if ratio["target"] is None:
        return ""
    missed = "" if ratio["value"] <= ratio["target"] else ": MISSED"
    return f" (at most {ratio['target']:g}{missed})"


def _size(text: str) -> tuple[str, int]:
    """Read `S=200`."""
    name, _, count = text.partition("=")
    if name not in PATIENTS or not count.isdigit() or count.strip("0") == "":
        raise argparse.ArgumentTypeError(
            f"{text} is not a size: write S=200, with one of {', '.join(PATIENTS)}"
        )
    return name, int(count)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the workloads given on the command line; exit status 1 if the sides do not agree."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--only", nargs="+", choices=WORKLOADS, default=[], help="Workloads.  [default: all]")
    add(
        "--patients",
        nargs="+",
        type=_size,
        default=[],
        metavar="SIZE=NUMBER",
        help="Other sizes, e.g. S=200.",
    )
    add("--turns", type=int, default=3, help="Number of runs per side.  [default: 3]")
    add("--seed", type=int, default=7, help="Seed of the synthetic data.  [default: 7]")
    add("--work", type=Path, default=Path(".bench"), help="Folder of data and lakes.  [default: .bench]")
    add("--out", type=Path, help="File for all figures, as JSON.  [default: bench.json in the work folder]")
    given = parser.parse_args(arguments)
    work = given.work.resolve()
    found = bench(selected(given.only), work, PATIENTS | dict(given.patients), given.turns, given.seed)
    out = given.out or work / "bench.json"
    out.write_text(json.dumps({"cores": os.cpu_count()} | found, indent=1))
    print(f"\nAll figures: {out}")
    sys.exit(any(found["differences"].values()))


if __name__ == "__main__":
    main()
