"""One line of input: which FHIR resources it speaks of, or why it can't be taken.

The line is parsed once here, strictly, only to see that it is one JSON object with a known `resourceType` and
an `id`, or a Bundle of deletions; what is in it is silver's business.
"""

import base64
import hashlib
from functools import cache
from typing import Any

import orjson

from metriccare.bronze.deletion import Deletion, deletions
from metriccare.bronze.entry import entry_texts
from metriccare.bronze.refusal import RefusedError
from metriccare.raw import Line
from metriccare.value_sets import load

QUARANTINE = "_quarantine"

Piece = dict[str, object]


def classify(line: Line) -> list[Piece]:
    """Return the columns of the bronze records of a line: one, none of a blank line, one per deletion of a Bundle.

    Columns: `position` (the line's offset; of a deletion `<offset>/entry[<number from 0>]`), `resource_type`
    (`_quarantine` for a refused piece), `resource_id`, `last_updated` and `version_id` (as written in `meta`; of
    a deletion see `Deletion`), `body` (the text unchanged; of a deletion that of its entry), `body_encoding`
    (`utf-8` or `base64`), `body_sha256`, `reason_code` and `reason` (null for an accepted one).
    """
    if not line.problem and not line.text.strip():
        return []
    try:
        return _accepted(line)
    except RefusedError as refused:
        return [
            _piece(str(line.offset), line.text, QUARANTINE, reason_code=refused.code, reason=str(refused))
        ]


def _accepted(line: Line) -> list[Piece]:
    resource = _resource(line)
    kind = resource["resourceType"]
    use = _use(kind)
    if kind == "Bundle":
        return _deletions(line, deletions(resource))
    if use == "measured" and not (isinstance(resource.get("id"), str) and resource["id"].strip()):
        raise RefusedError("no_id")
    meta = resource["meta"] if isinstance(resource.get("meta"), dict) else {}
    return [
        _piece(
            str(line.offset),
            line.text,
            kind,
            resource_id=_text(resource.get("id")),
            last_updated=_text(meta.get("lastUpdated")),
            version_id=_text(meta.get("versionId")),
        )
    ]


def _resource(line: Line) -> dict[str, Any]:
    if line.problem:
        raise RefusedError("unreadable", line.problem)
    resource = _parse(line.text)
    if not isinstance(resource, dict) or not isinstance(resource.get("resourceType"), str):
        raise RefusedError("not_a_resource")
    return resource


def _parse(text: bytes) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as problem:
        if not _is_utf8(text):
            raise RefusedError("not_utf8") from problem
        raise RefusedError("not_json", str(problem)) from problem


def _use(resource_type: str) -> str:
    """Return what is done with a resource type: `measured`, or passed over."""
    use = _uses().get(resource_type)
    if use is None:
        raise RefusedError("unknown_resource_type", repr(resource_type[:64]))
    return use


@cache
def _uses() -> dict[str, str]:
    return {code.code: code.category for code in load("resource_type")}


def _deletions(line: Line, found: list[Deletion]) -> list[Piece]:
    for deletion in found:
        _use(deletion.resource_type)
    return [
        _piece(
            f"{line.offset}/entry[{number}]",
            text,
            deletion.resource_type,
            resource_id=deletion.resource_id,
            last_updated=deletion.last_updated,
        )
        for number, (deletion, text) in enumerate(zip(found, entry_texts(line.text), strict=True))
    ]


def _piece(position: str, text: bytes, resource_type: str, **known: str | None) -> Piece:
    absent = dict.fromkeys(("resource_id", "last_updated", "version_id", "reason_code", "reason"))
    return {"position": position, "resource_type": resource_type, **absent, **known, **_body(text)}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _body(text: bytes) -> dict[str, object]:
    plain = _is_utf8(text)
    return {
        "body": text.decode("utf-8") if plain else base64.b64encode(text).decode("ascii"),
        "body_encoding": "utf-8" if plain else "base64",
        "body_sha256": hashlib.sha256(text).hexdigest(),
    }


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
