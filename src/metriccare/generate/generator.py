"""`generate`: plans patient after patient, writes the truth about each, then the resources."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from metriccare.generate.aggregate import Aggregate
from metriccare.generate.dates import Window
from metriccare.generate.deliveries.delivery_planner import DeliveryPlanner
from metriccare.generate.deliveries.output import MultipleDeliveries
from metriccare.generate.fhir_validation import Validated, validate_all, validate_sample
from metriccare.generate.files import DatasetFolder
from metriccare.generate.labels.stay import stay_label
from metriccare.generate.output import Output, SingleDelivery, Written
from metriccare.generate.parameters import DEFAULT_END, DEFAULT_PART_SIZE, DEFAULT_START, DELIVERIES
from metriccare.generate.plan import PatientPlan
from metriccare.generate.planner import World, plan_patient
from metriccare.generate.render import render
from metriccare.generate.request import Request
from metriccare.generate.rng import Rng
from metriccare.generate.summary import Summary, header_of, reuse, summary_of
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
    """Write a synthetic FHIR R4 dataset and its truth; the same parameters give the same bytes.

    Args:
        patients: number of patients, at least 1.
        seed: random seed, 0 or more.
        out: folder for `truth.json` and `json/{patients,encounters,conditions}/part-*.ndjson`; with `batches` these
            and `deleted` are in `json/delivery=<number>/`, starting with 00.
        start: first day of the study window.
        end: last day of the study window and as_of of the truth; nothing later is generated.
        part_size: lines per part.
        batches: deliveries after the first, up to 99; truth and final state of the resources do not depend on it.
        batch_share: approximate share of the patients (0..1) in each of those deliveries.
        overwrite: replace a dataset that was generated with other parameters.
        progress: called from time to time with (patients done, total patients).

    Returns:
        The contents of the dataset, and how many of its resources were validated: a sample of each type.

    Raises:
        ParameterError: a parameter is out of range, or `out` is not writable or contains something else.
        GeneratedDataError: a resource in the sample is not valid FHIR R4; then `out` is unchanged.
    """
    request = Request(patients, seed, start, end, part_size, batches, batch_share)
    target = DatasetFolder(Path(out))
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
    """Validate every resource of the dataset in `out` as FHIR R4; about 5,000 per second on one core.

    Args:
        out: folder written by `generate`.
        progress: called from time to time with (bytes done, total bytes).

    Raises:
        GeneratedDataError: a resource is not valid; the message gives its type, id and error.
    """
    return validate_all(DatasetFolder(Path(out)).files(), progress)


def is_generated(
    out: Path | str, patients: int, seed: int, *, start: date = DEFAULT_START, end: date = DEFAULT_END
) -> bool:
    """Return whether `generate` with these parameters would find a complete dataset and write nothing.

    Raises:
        ParameterError: a parameter is out of range, or `out` contains something else.
    """
    return reuse(DatasetFolder(Path(out)), header_of(Request(patients, seed, start, end))) is not None


def _write(target: DatasetFolder, request: Request, progress: Progress | None) -> dict[str, Any]:
    """Write the staged dataset and return its counts."""
    window = Window.of(request.start, request.end)
    world, rng = World.of(request.seed, window), Rng(request.seed)
    output = _output(target, request, window)
    aggregate, stays, patients = Aggregate(window.end), 0, request.patients
    with TruthWriter(target.staging / target.truth.name, header_of(request)) as truth:
        for number in range(patients):
            plan = plan_patient(world, rng, number)
            stays += _write_truth(truth, aggregate, plan, window.end)
            output.write(rng, plan, render(world, rng, plan))
            if progress and ((number + 1) % _PROGRESS_STEP == 0 or number + 1 == patients):
                progress(number + 1, patients)
        written = output.finish()
        counts = _counts(written, stays)
        truth.finish(aggregate.results(), counts, written.deliveries)
    return counts


def _output(target: DatasetFolder, request: Request, window: Window) -> Output:
    if not request.batches:
        return SingleDelivery(target.staged, request.part_size)
    feed = DeliveryPlanner(window, request.batches, request.batch_share)
    return MultipleDeliveries(target.staged, request.part_size, feed, request.batches)


def _write_truth(truth: TruthWriter, aggregate: Aggregate, plan: PatientPlan, end: int) -> int:
    for stay in plan.stays:
        label = stay_label(plan, stay, end)
        truth.stay(label)
        aggregate.add(plan, stay, label)
    return len(plan.stays)


def _counts(written: Written, stays: int) -> dict[str, Any]:
    return {"resources": written.resources, "parts": written.parts, "stays": stays}
