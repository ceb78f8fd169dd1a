"""`generate`: plans patients one after the other, writes their truth, then their resources."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from metriccare.errors import ParameterError
from metriccare.generate.dates import Window
from metriccare.generate.draw import Draw
from metriccare.generate.files import FOLDERS, PartWriter, Target
from metriccare.generate.labels.stay import stay_label
from metriccare.generate.parameters import (
    DEFAULT_END,
    DEFAULT_PART_SIZE,
    DEFAULT_START,
    EARLIEST_START,
    LATEST_END,
    SHORTEST_WINDOW,
)
from metriccare.generate.plan import PatientPlan
from metriccare.generate.planner import World, plan_patient
from metriccare.generate.render import render
from metriccare.generate.summary import Summary, header_of, reuse, summary_of
from metriccare.generate.tally import Tally
from metriccare.generate.truth import TruthWriter

Progress = Callable[[int, int], None]
_PROGRESS_STEP = 100
_SEED_LIMIT = 10**18


def generate(
    patients: int,
    seed: int,
    out: Path | str,
    *,
    start: date = DEFAULT_START,
    end: date = DEFAULT_END,
    part_size: int = DEFAULT_PART_SIZE,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> Summary:
    """Write a synthetic FHIR R4 set and the truth about it; the same parameters give the same bytes.

    Args:
        patients: number of patients, at least 1.
        seed: seed of everything random; not negative.
        out: folder that gets `json/{patients,encounters,conditions}/part-*.ndjson` and `truth.json`.
        start: first day of the study window.
        end: last day of the study window and as_of of the truth; nothing later is written.
        part_size: lines per part.
        overwrite: replace a set that was made with other parameters.
        progress: called now and then with (patients done, patients in all).

    Raises:
        ParameterError: if a parameter is out of range, or `out` cannot be written or holds something else.
    """
    _check(patients, seed, start, end, part_size)
    target = Target(Path(out))
    header = header_of(patients, seed, start, end, part_size)
    existing = None if overwrite else reuse(target, header)
    if existing:
        return existing
    target.prepare()
    counts = _write(target, header, World.of(seed, Window.of(start, end)), patients, progress)
    target.publish()
    return summary_of(target, header, counts, reused=False)


def _check(patients: int, seed: int, start: date, end: date, part_size: int) -> None:
    if patients < 1:
        raise ParameterError(f"patients is {patients}: ask for at least 1.")
    if not 0 <= seed < _SEED_LIMIT:
        raise ParameterError(
            f"seed is {seed}: it is part of the ids, so it must be 0 or more, of 18 digits at most."
        )
    if part_size < 1:
        raise ParameterError(f"part_size is {part_size}: a part holds at least 1 line.")
    if not EARLIEST_START <= start <= end <= LATEST_END:
        raise ParameterError(
            f"The window {start}..{end} is out of range: choose one inside {EARLIEST_START}..{LATEST_END}."
        )
    if (end - start).days < SHORTEST_WINDOW:
        raise ParameterError(
            f"The window {start}..{end} is too short for a follow-up: choose at least {SHORTEST_WINDOW} days."
        )


def _write(
    target: Target, header: dict[str, Any], world: World, patients: int, progress: Progress | None
) -> dict[str, Any]:
    """Write the staged set and return its counts."""
    part_size = header["generator"]["part_size"]
    writers = {kind: PartWriter(target.staging / folder, part_size) for kind, folder in FOLDERS.items()}
    tally, draw, stays = Tally(world.window.end), Draw(world.seed), 0
    with TruthWriter(target.staging / target.truth.name, header) as truth:
        for number in range(patients):
            plan = plan_patient(world, draw, number)
            stays += _write_truth(truth, tally, plan, world.window.end)
            patient, encounters, conditions = render(world, draw, plan)
            writers["Patient"].write((patient,))
            writers["Encounter"].write(encounters)
            writers["Condition"].write(conditions)
            if progress and ((number + 1) % _PROGRESS_STEP == 0 or number + 1 == patients):
                progress(number + 1, patients)
        for writer in writers.values():
            writer.close()
        counts = _counts(writers, stays)
        truth.finish(tally.results(), counts)
    return counts


def _write_truth(truth: TruthWriter, tally: Tally, plan: PatientPlan, end: int) -> int:
    for stay in plan.stays:
        label = stay_label(plan, stay, end)
        truth.stay(label)
        tally.add(plan, stay, label)
    return len(plan.stays)


def _counts(writers: dict[str, PartWriter], stays: int) -> dict[str, Any]:
    return {
        "resources": {kind: writer.lines for kind, writer in writers.items()},
        "parts": {kind: writer.parts for kind, writer in writers.items()},
        "stays": stays,
    }
