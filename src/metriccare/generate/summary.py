"""The header that identifies a dataset, its summary, and the check whether it already exists."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from metriccare.errors import ParameterError
from metriccare.generate import vocabulary
from metriccare.generate.files import DatasetFolder
from metriccare.generate.parameters import GENERATOR_VERSION
from metriccare.generate.request import Request
from metriccare.generate.truth import read_counts, read_header

PROFILE = "all_adult"


@dataclass(frozen=True)
class Summary:
    """Summary of a dataset.

    Attributes:
        out: folder of the dataset.
        truth: path of its truth.json.
        as_of: last day of the window, which is the date of the newest discharge.
        counts: resources by type.
        stays: number of rows that silver.stay must have.
        reused: the dataset already existed and nothing was written.
        validated: how many resources of each type were validated as FHIR R4: a sample.
    """

    out: Path
    truth: Path
    as_of: date
    counts: dict[str, int]
    stays: int
    reused: bool
    validated: dict[str, int] = field(default_factory=dict)


def header_of(request: Request) -> dict[str, Any]:
    """Return the first line of truth.json: everything that determines the bytes of a dataset."""
    generator: dict[str, Any] = {
        "version": GENERATOR_VERSION,
        "vocabulary": vocabulary.fingerprint(),
        "seed": request.seed,
        "patients": request.patients,
        "start": request.start.isoformat(),
        "end": request.end.isoformat(),
        "part_size": request.part_size,
    }
    if request.batches:
        generator |= {"batches": request.batches, "batch_share": request.batch_share}
    return {"generator": generator, "profile": PROFILE, "as_of": request.end.isoformat()}


def reuse(target: DatasetFolder, header: dict[str, Any]) -> Summary | None:
    """Return the summary of a complete dataset with the same parameters; None if there is none.

    Raises:
        ParameterError: the folder contains something else.
    """
    parts = target.parts()
    if not target.truth.exists():
        if any(parts.values()) and not target.staging.exists():
            raise ParameterError(
                f"{target.out} contains NDJSON files without a truth.json; choose another folder, or overwrite them "
                "with --overwrite."
            )
        return None
    if read_header(target.truth) != header:
        raise ParameterError(
            f"{target.out} contains a dataset generated with other parameters or by another version; choose another "
            "folder, or overwrite it with --overwrite."
        )
    counts = read_counts(target.truth)
    if counts["parts"] != parts:
        return None
    target.clean()
    return summary_of(target, header, counts, reused=True)


def summary_of(
    target: DatasetFolder, header: dict[str, Any], counts: dict[str, Any], reused: bool
) -> Summary:
    """Return the summary of a dataset from the header and the counts of its truth."""
    return Summary(
        out=target.out,
        truth=target.truth,
        as_of=date.fromisoformat(header["as_of"]),
        counts=counts["resources"],
        stays=counts["stays"],
        reused=reused,
    )
