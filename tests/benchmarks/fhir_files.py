"""Resources and files for the tests of the pipelines: a patient, a stay, a deletion, as lines of NDJSON."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

Resource = dict[str, Any]
ACT = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
NEWER = "2026-03-01T00:00:00Z"


def patient(id: str = "p", replaced_by: str = "") -> Resource:
    links = [{"type": "replaced-by", "other": {"reference": f"Patient/{replaced_by}"}}] if replaced_by else []
    about = {"gender": "female", "birthDate": "1950-01-01", "link": links}
    return {"resourceType": "Patient", "id": id, "meta": {"lastUpdated": "2026-01-01T00:00:00Z"}} | about


def stay(id: str = "e", patient_id: str = "p", end: str = "2025-03-05", **other: str) -> Resource:
    return {
        "resourceType": "Encounter",
        "id": id,
        "meta": {"lastUpdated": other.get("updated", "2026-01-01T00:00:00Z"), "versionId": "1"},
        "status": other.get("status", "finished"),
        "class": {"system": ACT, "code": "IMP"},
        "subject": {"reference": f"Patient/{patient_id}"},
        "period": {"start": other.get("start", "2025-03-01"), "end": end},
        "serviceProvider": {"reference": "Organization/h"},
    }


def deletion(*urls: str) -> Resource:
    entries = [{"request": {"method": "DELETE", "url": url}} for url in urls]
    return {"resourceType": "Bundle", "type": "transaction", "meta": {"lastUpdated": NEWER}, "entry": entries}


def deliver(folder: Path, resources: Iterable[Resource | str]) -> None:
    write(folder / "part.ndjson", map(text, resources))


def text(resource: Resource | str) -> str:
    return resource if isinstance(resource, str) else json.dumps(resource)


def write(path: Path, lines: Iterable[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in lines))
