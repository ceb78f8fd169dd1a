"""Courses on which the two sides once disagreed: they stay in the lake, whatever hypothesis draws."""

import json
from typing import Any

from tests.proofs.independent.choices import ACT, PREFIX

Resource = dict[str, Any]

NINE, TEN, NOON = "2025-03-01T09:00:00Z", "2025-03-01T10:00:00Z", "2025-03-01T12:00:00Z"
LATER = "2025-03-04T10:00:00Z"


def encounter(id: str, start: str, end: str | None, subject: str | None = "p", **fields: Any) -> Resource:
    period = {"start": start} | ({"end": end} if end else {})
    who = {"subject": {"reference": f"Patient/{PREFIX}{subject}"}} if subject else {}
    return {
        "resourceType": "Encounter",
        "id": PREFIX + id,
        "status": "finished",
        "class": {"system": ACT, "code": "IMP"},
        "period": period,
        "serviceProvider": {"reference": "Organization/H1"},
        **who,
        **fields,
    }


def part_of(id: str) -> Resource:
    return {"partOf": {"reference": f"Encounter/{PREFIX}{id}"}}


def course(*encounters: Resource) -> list[str]:
    return [json.dumps(one) for one in ({"resourceType": "Patient", "id": PREFIX + "p"}, *encounters)]


FOUND = {
    # Two that begin at the same instant, one without length: one stay, whichever id is the smaller.
    "emptyfirst": course(encounter("a", TEN, TEN), encounter("b", TEN, LATER)),
    "emptylast": course(encounter("b", TEN, TEN), encounter("a", TEN, LATER)),
    "openfirst": course(encounter("a", TEN, None, status="in-progress"), encounter("b", TEN, LATER)),
    "endlessfirst": course(encounter("a", TEN, None), encounter("b", TEN, LATER)),
    # The first start and the last end have times of day; what lies between them need not.
    "timeless": course(
        encounter("a", NINE, LATER), encounter("b", NOON, None), encounter("c", "2025-03-02", NOON)
    ),
    # A cycle of parts that leads from one patient to nobody, or to another patient, and back.
    "cycle": course(
        encounter("a", NINE, NOON, **part_of("b")),
        encounter("b", TEN, LATER, None, **part_of("a")),
    ),
    "twocycle": course(
        encounter("a", NINE, NOON, **part_of("b")),
        encounter("b", TEN, LATER, **part_of("c")),
        encounter("c", TEN, LATER, "q", **part_of("a")),
    ),
}
