"""`generate`: plans patients one after the other, writes their truth, then their resources."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from metriccare.generate.dates import Window
from metriccare.generate.deliveries.output import Deliveries
from metriccare.generate.deliveries.send import Feed
from metriccare.generate.draw import Draw
from metriccare.generate.fhir_validation import Validated, validate_all, validate_sample
from metriccare.generate.files import Target
from metriccare.generate.labels.stay import stay_label
from metriccare.generate.output import OneDelivery, Output, Written
from metriccare.generate.parameters import DEFAULT_END, DEFAULT_PART_SIZE, DEFAULT_START, DELIVERIES
from metriccare.generate.plan import PatientPlan
from metriccare.generate.planner import World, plan_patient
from metriccare.generate.render import render
from metriccare.generate.request import Request
from metriccare.generate.summary import Summary, header_of, reuse, summary_of
from metriccare.generate.tally import Tally
from metriccare.generate.truth import TruthWriter

Progress = Callable[[int, int], None]
_PROGRESS_STEP = 100


def generate(
    patients: int,
    seed: int,
    out: Path | str,
    *,
    start: date = DEFAULT_START,
    end: date = DEFAULT_END,
    part_size: int = DEFAULT_PART_SIZE,
    batches: int = 0,
    batch_share: float = DELIVERIES.share,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> Summary:
    """Write a synthetic FHIR R4 set and the truth about it; the same parameters give the same bytes.

    Args:
        patients: number of patients, at least 1.
        seed: seed of everything random; not negative.
        out: folder that gets `truth.json` and `json/{patients,encounters,conditions}/part-*.ndjson`; with `batches`
            these and `deleted` lie in `json/delivery=<number>/`, 00 the first.
        start: first day of the study window.
        end: last day of the study window and as_of of the truth; nothing later is written.
        part_size: lines per part.
        batches: deliveries after the first, up to 99; the truth and the last state of the resources are the same.
        batch_share: share of the patients (0..1) that each of those deliveries speaks of, about.
        overwrite: replace a set that was made with other parameters.
        progress: called now and then with (patients done, patients in all).

    Returns:
        What the set holds, and how many of its resources were validated: a sample of each type.

    Raises:
        ParameterError: if a parameter is out of range, or `out` cannot be written or holds something else.
        GeneratedDataError: if a resource of the sample is not valid FHIR R4; then `out` is as it was.
    """
    request = Request(patients, seed, start, end, part_size, batches, batch_share)
    target = Target(Path(out))
    header = header_of(request)
    existing = None if overwrite else reuse(target, header)
    if existing:
        return replace(existing, validated=dict(validate_sample(target.files()).resources))
    target.prepare()
    counts = _write(target, request, progress)
    validated = validate_sample(target.files(target.staged)).resources
    target.publish()
    return replace(summary_of(target, header, counts, reused=False), validated=dict(validated))


def validate(out: Path | str, progress: Progress | None = None) -> Validated:
    """Validate every resource of the set in `out` as FHIR R4; about 5,000 per second on one core.

    Args:
        out: folder that `generate` has written.
        progress: called now and then with (bytes done, bytes in all).

    Raises:
        GeneratedDataError: a resource is not valid; names its type, its id and what is wrong.
    """
    return validate_all(Target(Path(out)).files(), progress)


def is_generated(
    out: Path | str, patients: int, seed: int, *, start: date = DEFAULT_START, end: date = DEFAULT_END
) -> bool:
    """Tell whether `generate` with these parameters would find its set complete and write nothing.

    Raises:
        ParameterError: if a parameter is out of range, or `out` holds something else.
    """
    return reuse(Target(Path(out)), header_of(Request(patients, seed, start, end))) is not None


def _write(target: Target, request: Request, progress: Progress | None) -> dict[str, Any]:
    """Write the staged set and return its counts."""
    window = Window.of(request.start, request.end)
    world, draw = World.of(request.seed, window), Draw(request.seed)
    output = _output(target, request, window)
    tally, stays, patients = Tally(window.end), 0, request.patients
    with TruthWriter(target.staging / target.truth.name, header_of(request)) as truth:
        for number in range(patients):
            plan = plan_patient(world, draw, number)
            stays += _write_truth(truth, tally, plan, window.end)
            output.write(draw, plan, render(world, draw, plan))
            if progress and ((number + 1) % _PROGRESS_STEP == 0 or number + 1 == patients):
                progress(number + 1, patients)
        written = output.finish()
        counts = _counts(written, stays)
        truth.finish(tally.results(), counts, written.deliveries)
    return counts


def _output(target: Target, request: Request, window: Window) -> Output:
    if not request.batches:
        return OneDelivery(target.staged, request.part_size)
    feed = Feed(window, request.batches, request.batch_share)
    return Deliveries(target.staged, request.part_size, feed, request.batches)


def _write_truth(truth: TruthWriter, tally: Tally, plan: PatientPlan, end: int) -> int:
    for stay in plan.stays:
        label = stay_label(plan, stay, end)
        truth.stay(label)
        tally.add(plan, stay, label)
    return len(plan.stays)


def _counts(written: Written, stays: int) -> dict[str, Any]:
    return {"resources": written.resources, "parts": written.parts, "stays": stays}
