"""Deliveries that an earlier version took, which refused what the present one accepts."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession
from tests.proofs.incremental import stages
from tests.support.builders import HEART_FAILURE, condition, deletion, encounter, patient

from metriccare import bronze
from metriccare.bronze.input_record import InputRecord
from metriccare.fhir.ndjson import RawLine
from metriccare.settings import Lake

OLD_REASON = "modifier_extension"
BROKEN = b'{"resourceType": "Patient", "id": "broken"'
LATIN = '{"resourceType": "Patient", "id": "Müller"}'.encode("latin-1")
STAMP = {"meta": {"lastUpdated": "2026-05-20T10:00:00Z"}}


def line(resource: dict[str, Any]) -> bytes:
    return json.dumps(resource).encode()


# The first version of `a` carries no stamp: only the time of its receipt puts it before the second one.
EARLY_A = line(encounter("a", "p", start="2026-01-02", end="2026-01-05"))
UNKNOWN_PATIENT = line(patient("q", born="1950-01-01") | STAMP)
DELETIONS = line(deletion("2026-05-25T10:00:00Z", "Encounter/gone", "Condition/gone"))
REFUSED = (EARLY_A, UNKNOWN_PATIENT, DELETIONS)
DELIVERIES = (
    (
        line(patient("p") | STAMP),
        EARLY_A,
        BROKEN,
        UNKNOWN_PATIENT,
        line(encounter("b", "p", start="2026-01-20", end="2026-01-22", disposition="exp") | STAMP),
        line(encounter("c", "q", start="2026-02-01", end="2026-02-09") | STAMP),
        line(encounter("gone", "p", start="2026-01-10", end="2026-01-12") | STAMP),
        line(condition("d", HEART_FAILURE, "c", patient_id="q") | STAMP),
    ),
    (line(encounter("a", "p", start="2026-01-02", end="2026-01-07")), DELETIONS, LATIN),
)


@dataclass
class Made:
    """Two lakes of the same raw folder, with bronze only.

    Attributes:
        first: all that can be read was read at first.
        late: an earlier version took the deliveries, and refused three lines of them.
    """

    first: Lake
    late: Lake


def make_lakes(spark: SparkSession, folder: Path) -> Made:
    """Take each delivery into both lakes."""
    lakes = Made(Lake(str(folder / "first")), Lake(str(folder / "late")))
    for number, lines in enumerate(DELIVERIES):
        path = folder / "raw" / "source=west" / f"{number}.ndjson"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join(one + b"\n" for one in lines))
        stages.take(spark, folder / "raw", lakes.first, f"run-{number}", number)
        with pytest.MonkeyPatch.context() as earlier:
            earlier.setattr(bronze, "classify", refusing(*REFUSED))
            stages.take(spark, folder / "raw", lakes.late, f"run-{number}", number)
    return lakes


def refusing(*refused: bytes) -> Callable[[RawLine], list[InputRecord]]:
    """Return what reads lines as an earlier version did."""
    present, reason = bronze.classify, OLD_REASON

    def classify(line: RawLine) -> list[InputRecord]:
        if line.data not in refused:
            return present(line)
        piece: InputRecord = {
            "position": str(line.offset),
            "resource_type": "_quarantine",
            "body": line.data.decode(),
            "body_encoding": "utf-8",
            "body_sha256": hashlib.sha256(line.data).hexdigest(),
            "reason_code": reason,
            "reason": "An earlier version could not take it.",
        }
        return [piece]

    return classify
