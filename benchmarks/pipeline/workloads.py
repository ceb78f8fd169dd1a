"""What `make bench` can measure: workloads such as `delivery-M`, and the job of each side.

`full` builds everything from the first delivery of `metriccare generate --batches`. `nothing` is a run with no new file
after it. `delivery` is one more delivery, of 1 % of the patients. `delivery-3M` is the delivery of `delivery-M`, the
same patients, to a lake of three times as many. `run` is `make run` where everything is installed.
"""

import json
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.pipeline.cell_times import work_seconds
from benchmarks.pipeline.measure import Job

from metriccare.generate import generate

PROJECT = Path(__file__).parents[2]
METRICCARE, DUCKDB, SPARK = "metriccare", "duckdb", "plain spark"
STATEFUL = (METRICCARE, DUCKDB)  # plain Spark keeps no state: each of its runs is a full build
PATIENTS = {"S": 10_000, "M": 100_000, "run": 1_000}
TIMES_M = 3
SHARE = 0.01
FIRST, NEXT = "delivery=00", "delivery=01"
ENVIRONMENT = {"METRICCARE_DRIVER_MEMORY": "2g", "PYTHONPATH": f"{PROJECT / 'src'}{os.pathsep}{PROJECT}"}
BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Workload:
    """One workload.

    Attributes:
        kind: `full`, `nothing`, `delivery` or `run`.
        size: `S`, `M` or `3M`; empty for `run`.
        sides: who does it.
    """

    kind: str
    size: str = ""
    sides: Sequence[str] = (METRICCARE, DUCKDB, SPARK)

    @property
    def name(self) -> str:
        """The name on the command line and in the figures."""
        return f"{self.kind}-{self.size}" if self.size else self.kind


UNIT = Workload("full", "M", (DUCKDB,))  # its time is D, in which all times are given
_ALL = (
    Workload("full", "S"),
    Workload("nothing", "S", STATEFUL),
    Workload("delivery", "S"),
    Workload("full", "M"),
    Workload("nothing", "M", STATEFUL),
    Workload("delivery", "M"),
    Workload("delivery", "3M", STATEFUL),
    Workload("run", sides=(METRICCARE,)),
)
WORKLOADS = {workload.name: workload for workload in _ALL}


def selected(names: Sequence[str]) -> list[Workload]:
    """Return the named workloads, all if there are none, in the order of `WORKLOADS`; D is always measured."""
    found = [workload for name, workload in WORKLOADS.items() if name in (names or WORKLOADS)]
    return found if WORKLOADS[UNIT.name] in found else [UNIT, *found]


@dataclass(frozen=True)
class Place:
    """The folders of one size.

    Attributes:
        root: the folder that contains all others.
        patients: the number of patients in the first delivery.
        next_from: the generated data that the next delivery is taken from; by default these.
    """

    root: Path
    patients: int
    next_from: Path | None = None

    @property
    def raw(self) -> Path:
        """The files delivered so far."""
        return self.root / "raw"

    @property
    def generated(self) -> Path:
        """The deliveries, one folder each."""
        return self.root / "generated" / "json"

    def lake(self, side: str, kind: str, turn: int | str = "{turn}") -> Path:
        """The tables of one side after a workload."""
        return self.root / "lakes" / f"{side.replace(' ', '-')}-{kind}-{turn}"

    def base(self, side: str) -> Path:
        """The tables of the first full build, which deliveries start from."""
        return self.lake(side, "full", 1)

    def generate(self, seed: int) -> None:
        """Generate both deliveries, and remove the lakes of earlier measurements."""
        generate(self.patients, seed, self.generated.parent, batches=1, batch_share=SHARE)
        shutil.rmtree(self.root / "lakes", ignore_errors=True)

    def offer(self, kind: str) -> None:
        """Put into the raw folder what there is at a workload; the same files, so that they are known again."""
        deliveries = {FIRST: self.generated}
        if kind == "delivery":
            deliveries[NEXT] = self.next_from or self.generated
        shutil.rmtree(self.raw, ignore_errors=True)
        for name, folder in deliveries.items():
            shutil.copytree(folder / name, self.raw / name, copy_function=os.link)


def places(work: Path, patients: Mapping[str, int], workloads: Sequence[Workload]) -> dict[str, Place]:
    """Return the place of each size that the workloads need."""
    small, medium = (Place(work / size, patients[size]) for size in ("S", "M"))
    large = Place(work / "3M", TIMES_M * medium.patients, medium.generated)
    known = {"S": small, "M": medium, "3M": large}
    return {size: known[size] for size in known if any(workload.size == size for workload in workloads)}


def job(workload: Workload, place: Place, side: str) -> Job:
    """Return the job of one side at a workload of some size; `prepare` makes a delivery's lake from the base."""
    lake = place.base(side) if workload.kind == "nothing" else place.lake(side, workload.kind)
    raw = ["--raw", str(place.raw), "--lake", str(lake)]
    commands = {
        METRICCARE: [str(BIN / "metriccare"), "run", *raw],
        DUCKDB: [sys.executable, "-m", "benchmarks.pipeline.duckdb_pipeline", *raw],
        SPARK: [sys.executable, "-m", "benchmarks.pipeline.spark_pipeline", *raw],
    }

    def prepare(turn: int) -> None:
        if workload.kind == "delivery" and side in STATEFUL:
            shutil.copytree(place.base(side), place.lake(side, workload.kind, turn))

    def work(folder: Path, output: str) -> float:
        if side == METRICCARE:
            return work_seconds(folder)
        found: float = json.loads(output.splitlines()[-1])["work_s"]
        return found

    has_work = workload.kind != "nothing"
    return Job(side, commands[side], lake, prepare, ENVIRONMENT, PROJECT, work if has_work else None)


def make_run(home: Path, patients: int) -> Job:
    """Return the job of `make run` in an installed project: a new lake each time, and a report."""
    installed = ["-o", ".venv/.runnable", f"BIN={BIN}"]
    command = ["make", *installed, "run", f"PATIENTS={patients}", f"REPORT={home / 'report.html'}"]
    environment = {
        "METRICCARE_HOME": str(home / "lake"),
        "METRICCARE_RAW": str(home / "fhir_data" / "json"),
        "PYTHONPATH": ENVIRONMENT["PYTHONPATH"],
    }

    def prepare(_: int) -> None:
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)

    return Job(METRICCARE, command, home, prepare, environment, PROJECT)
