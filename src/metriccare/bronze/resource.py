"""What a resource says of itself, and what of it silver reads."""

import re
from functools import cache
from typing import Any

from metriccare.bronze.fields import check_fields
from metriccare.bronze.parse import dumps
from metriccare.bronze.refusal import RefusedError
from metriccare.definitions.schemas import SHAPES
from metriccare.definitions.value_sets import load

LONG_BYTES = 16 * 1024 * 1024  # Spark's JSON reader gives up on strings of 20 million characters
_BLOATED_BYTES = 900  # and on numbers of more than 1,000 characters
_LONG_NUMBER = re.compile(rb"[0-9]{300}")
_LONG_NAME = re.compile(rb'"[^"]{40000}')  # and on names of 50,000
_LONG_NAME_BYTES = 40_000
_ID = re.compile(r"[^\s\x00-\x1f\x7f]{1,512}")


def known_type(value: Any) -> str:
    """Return the type of a parsed resource.

    Raises:
        RefusedError: it has none (`not_a_resource`), or one that is not of FHIR R4 (`unknown_resource_type`).
    """
    kind = value.get("resourceType") if isinstance(value, dict) else None
    if not isinstance(kind, str):
        raise RefusedError("not_a_resource")
    check_type(kind)
    return kind


def check_type(resource_type: str) -> None:
    """Raise RefusedError (`unknown_resource_type`) for what is no resource type of FHIR R4."""
    if resource_type not in _types():
        raise RefusedError("unknown_resource_type", repr(resource_type[:64]))


@cache
def _types() -> frozenset[str]:
    return frozenset(code.code for code in load("resource_type"))


def identity(
    resource: dict[str, Any], resource_type: str, text: bytes, instead: str | None = None
) -> str | None:
    """Return the id of a resource, after a look whether it can be measured.

    Args:
        resource: parsed.
        resource_type: its type; what no measure needs is taken as it is.
        text: the resource as it was written.
        instead: its id if it names none itself.

    Raises:
        RefusedError: it has no id, or fields that can't be read.
    """
    found = resource.get("id")
    found = instead if found is None else found
    if resource_type not in SHAPES:
        return found if isinstance(found, str) else None
    if not isinstance(found, str) or not _ID.fullmatch(found):
        raise RefusedError("no_id")
    check_fields(resource, resource_type, text)
    return found


def stamp(resource: dict[str, Any]) -> tuple[str | None, str | None]:
    """Return `meta.lastUpdated` and `meta.versionId` as written; None for what is missing, blank or no text."""
    meta = resource.get("meta")
    named = meta if isinstance(meta, dict) else {}
    return text_of(named.get("lastUpdated")), text_of(named.get("versionId"))


def text_of(value: Any) -> str | None:
    """Return a text that is not blank, else None."""
    return value if isinstance(value, str) and value.strip() else None


def excerpt(text: bytes, resource: dict[str, Any], resource_type: str) -> bytes | None:
    """Return the fields that silver reads, where Spark's JSON reader could not read the whole; None where it can."""
    if resource_type not in SHAPES or not _is_hard_to_read(text, resource):
        return None
    read = ("resourceType", "id", "meta", *SHAPES[resource_type])
    return dumps({name: resource[name] for name in read if name in resource})


def _is_hard_to_read(text: bytes, resource: dict[str, Any]) -> bool:
    if len(text) > LONG_BYTES:
        return True
    if len(text) > _LONG_NAME_BYTES and _LONG_NAME.search(text):
        return True
    is_bloated = len(text) > _BLOATED_BYTES and len(text) - len(dumps(resource)) > _BLOATED_BYTES
    return is_bloated and _LONG_NUMBER.search(text) is not None
