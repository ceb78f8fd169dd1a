import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from benchmarks.pipeline.measure import Cost, Job, alternate, cost, medians, table, write_json

BURN = "import time; end = time.process_time() + {seconds}\nwhile time.process_time() < end: pass"
BURNED = 0.4


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def spawning(code: str, then: str) -> list[str]:
    """A command that starts another one and goes on with `then`."""
    return python(f"import subprocess, sys\nchild = subprocess.Popen({python(code)!r})\n{then}")


@pytest.mark.long
def test_a_command_that_sleeps_costs_time_but_no_processor(tmp_path: Path) -> None:
    found = cost(Job("sleep", python("import time; time.sleep(1)"), tmp_path))

    assert found.wall_s >= 1
    assert found.cpu_s < 0.5


def test_processor_time_of_a_child_counts(tmp_path: Path) -> None:
    burn = spawning(BURN.format(seconds=BURNED), "child.wait()")

    assert cost(Job("parent", burn, tmp_path)).cpu_s >= BURNED


def test_processor_time_of_a_child_that_outlives_the_command_counts_too(tmp_path: Path) -> None:
    burn = spawning(BURN.format(seconds=BURNED), "")

    assert cost(Job("parent", burn, tmp_path)).cpu_s >= BURNED


@pytest.mark.long
def test_the_peak_is_that_of_all_processes_together(tmp_path: Path) -> None:
    hold = "import time; block = bytearray(60_000_000); time.sleep(1.5)"

    found = cost(Job("two", spawning(hold, f"{hold}\nchild.wait()"), tmp_path))

    assert 120 <= found.peak_mb < 400


def test_what_the_command_writes_into_its_folder_is_counted(tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(b"x" * 1_000_000)
    write = f"from pathlib import Path; Path({str(tmp_path / 'new')!r}).write_bytes(bytes(500_000))"

    found = cost(Job("write", python(write), tmp_path))

    assert (found.written_mb, found.files) == (0.5, 1)


def test_a_command_that_fails_stops_the_measurement_and_is_named(tmp_path: Path) -> None:
    job = Job("broken", python("raise SystemExit('no table')"), tmp_path)

    with pytest.raises(RuntimeError, match=r"(?s)`broken` ended with exit status 1.*no table"):
        cost(job)


def test_commands_alternate_and_each_turn_begins_with_another_one(tmp_path: Path) -> None:
    seen: list[tuple[str, int]] = []
    jobs = [Job(name, ["true"], tmp_path, prepare=noting(seen, name)) for name in "ab"]

    costs = list(alternate(jobs, turns=3))

    assert seen == [("a", 1), ("b", 1), ("b", 2), ("a", 2), ("a", 3), ("b", 3)]
    assert [(one.name, one.turn) for one in costs] == seen


def test_each_turn_has_a_folder_of_its_own_where_the_job_names_the_turn(tmp_path: Path) -> None:
    folder = tmp_path / "lake-{turn}"

    costs = list(alternate([Job("make", ["mkdir", str(folder)], folder)], turns=2))

    assert len(costs) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lake-1", "lake-2"]


def test_variables_and_directory_of_a_job_are_those_of_its_command(tmp_path: Path) -> None:
    show = python("import os; print(os.environ['SIZE'], os.getcwd())")

    found = cost(Job("show", show, tmp_path, environment={"SIZE": "M"}, directory=tmp_path))

    assert found.output.split() == ["M", str(tmp_path)]


def test_table_and_json_tell_medians_and_how_often_the_first_one_fits_in() -> None:
    costs = [made("duck", 1, 2.0), made("lake", 1, 9.0), made("lake", 2, 5.0), made("duck", 2, 3.0)]

    assert medians(costs)["duck"]["wall_s"] == 2.5
    lines = table(costs).splitlines()
    assert [lines[1].split()[0], lines[1].split()[-1]] == ["duck", "1.00"]
    assert [lines[2].split()[0], lines[2].split()[-1]] == ["lake", "2.80"]


def test_json_holds_every_run(tmp_path: Path) -> None:
    write_json([made("duck", 1, 2.0), made("duck", 2, 3.0)], tmp_path / "costs.json")

    found = json.loads((tmp_path / "costs.json").read_text())

    assert [run["wall_s"] for run in found["runs"]] == [2.0, 3.0]
    assert found["medians"]["duck"]["wall_s"] == 2.5


def made(name: str, turn: int, wall: float) -> Cost:
    return Cost(name, turn, wall, wall, wall, 100.0, 1.0, 3, 0.5)


def noting(seen: list[tuple[str, int]], name: str) -> Callable[[int], None]:
    return lambda turn: seen.append((name, turn))
