"""Measures the costs of commands that take turns, as a table and as JSON.

Other load on the machine shifts all figures; commands that alternate are shifted equally. `{turn}` in a folder or a
command is the number of the turn, so that each turn has its own folder:

    python -m benchmarks.pipeline.measure --turns 3 --out costs.json
        --job duckdb /tmp/d{turn} "python -m benchmarks.pipeline.duckdb_pipeline --raw RAW --lake /tmp/d{turn}"
        --job metriccare /tmp/m{turn} "metriccare run --raw RAW --lake /tmp/m{turn}"
"""

import argparse
import json
import os
import shlex
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from benchmarks.pipeline import supervise
from benchmarks.pipeline.folder import snapshot, written

MEGABYTE = 1_000_000
FIGURES = ("wall_s", "work_s", "cpu_s", "peak_mb", "written_mb", "files")
TAIL = 2_000


class CommandError(RuntimeError):
    """Raised when a measured command fails, because its figures would be meaningless."""


@dataclass(frozen=True)
class Job:
    """A command to be measured.

    Attributes:
        name: its name in the table.
        command: program and arguments.
        folder: the folder in which written bytes are counted.
        prepare: called before each run with the number of the turn, from 1; not measured.
        environment: variables added to those of this process.
        directory: the working directory; None for that of this process.
        work: returns the seconds of the work itself, given the folder and the output of the command.
    """

    name: str
    command: Sequence[str]
    folder: Path
    prepare: Callable[[int], None] | None = None
    environment: dict[str, str] = field(default_factory=dict)
    directory: Path | None = None
    work: Callable[[Path, str], float] | None = None

    def of_turn(self, turn: int) -> "Job":
        """Return the job with `{turn}` filled in."""
        command = [part.replace("{turn}", str(turn)) for part in self.command]
        folder = Path(str(self.folder).replace("{turn}", str(turn)))
        return replace(self, command=command, folder=folder)


@dataclass(frozen=True)
class Cost:
    """The costs of one run of a command.

    Attributes:
        name: the name of the job.
        turn: number of the turn, from 1.
        wall_s: wall time in seconds, until the command itself ended.
        work_s: seconds of the work, without the start of the program and its session; the wall time if unknown.
        cpu_s: processor seconds, user and system, of the command and all its descendants (such as a JVM).
        peak_mb: peak resident megabytes of all of them together, from ten samples a second.
        written_mb: megabytes written to its folder.
        files: number of new or changed files in its folder.
        load_before: the machine's one-minute load average before the run.
        output: the end of its output.
    """

    name: str
    turn: int
    wall_s: float
    work_s: float
    cpu_s: float
    peak_mb: float
    written_mb: float
    files: int
    load_before: float
    output: str = ""


def alternate(jobs: Sequence[Job], turns: int) -> Iterator[Cost]:
    """Run all jobs once per turn, starting each turn with another job; yield the cost of each run as it ends.

    Raises:
        CommandError: a command failed.
    """
    for turn in range(1, turns + 1):
        yield from in_turn(jobs, turn)


def in_turn(jobs: Sequence[Job], turn: int) -> Iterator[Cost]:
    """Run all jobs once; each turn starts with another job.

    Raises:
        CommandError: a command failed.
    """
    first = (turn - 1) % len(jobs)
    for job in (*jobs[first:], *jobs[:first]):
        yield cost(job.of_turn(turn), turn)


def cost(job: Job, turn: int = 1) -> Cost:
    """Run one job.

    Raises:
        CommandError: the command failed, or left processes behind.
    """
    if job.prepare:
        job.prepare(turn)
    before, load = snapshot(job.folder), os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as scratch:
        report = Path(scratch) / "report.json"
        run = subprocess.run(
            [sys.executable, supervise.__file__, str(report), *job.command],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=os.environ | job.environment,
            cwd=job.directory,
            check=False,
        )
        found = json.loads(report.read_text()) if report.exists() else {"exit_status": run.returncode}
    if found["exit_status"] or found["left_behind"]:
        raise CommandError(_failure(job, found, run.stdout))
    new = written(before, snapshot(job.folder))
    return Cost(
        job.name,
        turn,
        round(found["wall_s"], 3),
        round(job.work(job.folder, run.stdout) if job.work else found["wall_s"], 3),
        round(found["cpu_s"], 3),
        round(found["peak_bytes"] / MEGABYTE, 1),
        round(new.bytes / MEGABYTE, 3),
        new.files,
        round(load, 2),
        run.stdout[-TAIL:],
    )


def _failure(job: Job, found: dict[str, float], output: str) -> str:
    what = (
        f"ended with exit status {found['exit_status']:.0f}"
        if found["exit_status"]
        else "left processes behind"
    )
    return f"`{job.name}` {what}: run it on its own, {shlex.join(job.command)}\n{output[-TAIL:]}"


def medians(costs: Sequence[Cost]) -> dict[str, dict[str, float]]:
    """Return the median of each figure by job, in the order in which the jobs first ran."""
    names = dict.fromkeys(one.name for one in costs)
    return {
        name: {
            figure: statistics.median(getattr(one, figure) for one in costs if one.name == name)
            for figure in FIGURES
        }
        for name in names
    }


def table(costs: Sequence[Cost]) -> str:
    """Return the medians as a table; the last column is the work of each job relative to the first."""
    found = medians(costs)
    base = next(iter(found.values()), {}).get("work_s") or float("nan")
    width = max((len(name) for name in found), default=0)
    head = "".join(figure.rjust(12) for figure in FIGURES)
    lines = [f"{'':{width}}{head}{'times':>8}"]
    for name, figures in found.items():
        row = "".join(f"{figures[figure]:>12,.2f}" for figure in FIGURES)
        lines.append(f"{name:{width}}{row}{figures['work_s'] / base:>8.2f}")
    return "\n".join(lines)


def write_json(costs: Sequence[Cost], path: Path) -> None:
    """Write every run, the medians, and the number of cores."""
    about = {"cores": os.cpu_count(), "runs": [asdict(one) for one in costs], "medians": medians(costs)}
    path.write_text(json.dumps(about, indent=1))


def main() -> None:
    """Measure the jobs given on the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--job", nargs=3, action="append", required=True, metavar=("NAME", "FOLDER", "COMMAND")
    )
    parser.add_argument("--turns", type=int, default=3, help="Runs of each.  [default: 3]")
    parser.add_argument("--out", type=Path, help="Write all runs here, as JSON.")
    given = parser.parse_args()
    jobs = [Job(name, shlex.split(command), Path(folder)) for name, folder, command in given.job]
    costs = []
    for one in alternate(jobs, given.turns):
        print(
            f"turn {one.turn}  {one.name}: {one.wall_s:.2f} s, {one.cpu_s:.2f} s of processor",
            file=sys.stderr,
        )
        costs.append(one)
    print(table(costs))
    if given.out:
        write_json(costs, given.out)


if __name__ == "__main__":
    main()
