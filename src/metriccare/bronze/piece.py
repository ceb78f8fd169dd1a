"""One line of input: which FHIR resource it is, or why it can't be taken.

The body is parsed once here, strictly, only to see that it is one JSON object with a known `resourceType` and
an `id`; what is in it is silver's business.
"""

import base64
import hashlib
from typing import Any

import orjson

from metriccare.raw import Line
from metriccare.value_sets import load

QUARANTINE = "_quarantine"

REASONS = {
    "not_utf8": "The text is not UTF-8, so it can't be JSON; it is kept in base64.",
    "not_json": "The line is no complete JSON value",
    "not_a_resource": "The JSON value is no FHIR resource: it is no object, or has no `resourceType`.",
    "unknown_resource_type": "FHIR R4 knows no resource type of this name",
    "no_id": "The resource has no `id`, so that a correction could never find it.",
    "bundle_not_supported": "A Bundle: send its entries as NDJSON, one resource a line.",
    "unreadable": "The rest of the file can't be read",
}


class _RefusedError(Exception):
    """Raised inside this module for a piece that goes to quarantine."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{REASONS[code]}: {detail}" if detail else REASONS[code])
        self.code = code


def _resource_types() -> dict[str, str]:
    return {code.code: code.category for code in load("resource_type")}


def classify(line: Line) -> dict[str, object] | None:
    """Return the columns of one bronze record for a line, or None for a blank one.

    Columns: `resource_type` (`_quarantine` for a refused piece), `resource_id`, `last_updated` and `version_id`
    (as written in `meta`), `body` (the text unchanged), `body_encoding` (`utf-8` or `base64`), `body_sha256`,
    `reason_code` and `reason` (null for an accepted one).
    """
    if not line.problem and not line.text.strip():
        return None
    try:
        return {**_envelope(line), **_body(line.text), "reason_code": None, "reason": None}
    except _RefusedError as refused:
        return {
            **_identity(QUARANTINE, {}),
            **_body(line.text),
            "reason_code": refused.code,
            "reason": str(refused),
        }


def _envelope(line: Line) -> dict[str, object]:
    if line.problem:
        raise _RefusedError("unreadable", line.problem)
    resource = _parse(line.text)
    if not isinstance(resource, dict) or not isinstance(resource.get("resourceType"), str):
        raise _RefusedError("not_a_resource")
    resource_type = resource["resourceType"]
    use = _resource_types().get(resource_type)
    if use is None:
        raise _RefusedError("unknown_resource_type", repr(resource_type[:64]))
    if resource_type == "Bundle":
        raise _RefusedError("bundle_not_supported")
    if use == "measured" and not (isinstance(resource.get("id"), str) and resource["id"].strip()):
        raise _RefusedError("no_id")
    return _identity(resource_type, resource)


def _parse(text: bytes) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as problem:
        if not _is_utf8(text):
            raise _RefusedError("not_utf8") from problem
        raise _RefusedError("not_json", str(problem)) from problem


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _identity(resource_type: str, resource: dict[str, Any]) -> dict[str, object]:
    meta = resource.get("meta") if isinstance(resource.get("meta"), dict) else {}
    return {
        "resource_type": resource_type,
        "resource_id": _text(resource.get("id")),
        "last_updated": _text(meta.get("lastUpdated")) if meta else None,
        "version_id": _text(meta.get("versionId")) if meta else None,
    }


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _body(text: bytes) -> dict[str, object]:
    plain = _is_utf8(text)
    return {
        "body": text.decode("utf-8") if plain else base64.b64encode(text).decode("ascii"),
        "body_encoding": "utf-8" if plain else "base64",
        "body_sha256": hashlib.sha256(text).hexdigest(),
    }
