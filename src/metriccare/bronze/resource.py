"""Type, id and version of a resource, and the excerpt that silver reads."""

import re
from functools import cache
from typing import Any

from metriccare.bronze.fields import check_fields
from metriccare.bronze.parse import dumps
from metriccare.bronze.rejection import RejectedError
from metriccare.definitions.schemas import SHAPES
from metriccare.definitions.value_sets import load

LONG_BYTES = 16 * 1024 * 1024  # Spark's JSON reader fails on strings of 20 million characters
_BLOATED_BYTES = 900  # and on numbers of more than 1,000 characters
_LONG_NUMBER = re.compile(rb"[0-9]{300}")
_LONG_NAME = re.compile(rb'"[^"]{40000}')  # and on names of 50,000
_LONG_NAME_BYTES = 40_000
_ID = re.compile(r"[^\s\x00-\x1f\x7f]{1,512}")


def known_type(value: Any) -> str:
    """Return the type of a parsed resource.

    Raises:
        RejectedError: there is no type (`not_a_resource`), or it is not in FHIR R4 (`unknown_resource_type`).
    """
    kind = value.get("resourceType") if isinstance(value, dict) else None
    if not isinstance(kind, str):
        raise RejectedError("not_a_resource")
    check_type(kind)
    return kind


def check_type(resource_type: str) -> None:
    """Raise RejectedError (`unknown_resource_type`) for a name that is not a resource type of FHIR R4."""
    if resource_type not in _types():
        raise RejectedError("unknown_resource_type", repr(resource_type[:64]))


@cache
def _types() -> frozenset[str]:
    return frozenset(code.code for code in load("resource_type"))


def identity(
    resource: dict[str, Any], resource_type: str, text: bytes, default: str | None = None
) -> str | None:
    """Return the id of a resource, after checking its fields.

    Args:
        resource: the parsed resource.
        resource_type: its type; a type that no measure needs is not checked.
        text: its text.
        default: its id if it has no `id` itself.

    Raises:
        RejectedError: the resource has no id, or a field is invalid.
    """
    found = resource.get("id")
    found = default if found is None else found
    if resource_type not in SHAPES:
        return found if isinstance(found, str) else None
    if not isinstance(found, str) or not _ID.fullmatch(found):
        raise RejectedError("no_id")
    check_fields(resource, resource_type, text)
    return found


def stamp(resource: dict[str, Any]) -> tuple[str | None, str | None]:
    """Return `meta.lastUpdated` and `meta.versionId` as written; None if missing, blank or not a string."""
    meta = resource.get("meta")
    named = meta if isinstance(meta, dict) else {}
    return text_of(named.get("lastUpdated")), text_of(named.get("versionId"))


def text_of(value: Any) -> str | None:
    """Return the value if it is a string that is not blank, else None."""
    return value if isinstance(value, str) and value.strip() else None


def excerpt(text: bytes, resource: dict[str, Any], resource_type: str) -> bytes | None:
    """Return the fields that silver reads if Spark's JSON reader can't read the whole resource, else None."""
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
