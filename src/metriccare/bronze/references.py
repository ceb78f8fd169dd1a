"""References from one entry of a Bundle to another (FHIR R4, 2.36.4, Resolving references in Bundles)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_REST = re.compile(r"(.*/)?([A-Z][A-Za-z]+)/([^/?#\s]+)(/_history/[^/?#\s]+)?")
_URN = re.compile(r"urn:(?:uuid|oid):(.+)")

Ids = Mapping[str, str]  # `Type/id` by `fullUrl`


def id_of_url(full_url: Any, resource_type: str) -> str | None:
    """Return the id in the `fullUrl` of an entry, the UUID or what follows the type; None if there is none."""
    if not isinstance(full_url, str):
        return None
    urn, rest = _URN.fullmatch(full_url), _REST.fullmatch(full_url)
    if urn:
        return urn[1]
    return rest[3] if rest and rest[2] == resource_type else None


def ids_of(entries: Sequence[Any]) -> dict[str, str]:
    """Return `Type/id` by `fullUrl`; an ambiguous URL, which has several ids, is left out."""
    found: dict[str, str] = {}
    ambiguous = set()
    for url, identity in _named(entries):
        if found.setdefault(url, identity) != identity:
            ambiguous.add(url)
    return {url: identity for url, identity in found.items() if url not in ambiguous}


def _named(entries: Sequence[Any]) -> Iterator[tuple[str, str]]:
    for entry in entries:
        resource = entry.get("resource") if isinstance(entry, dict) else None
        url = entry.get("fullUrl") if isinstance(entry, dict) else None
        kind = resource.get("resourceType") if isinstance(resource, dict) else None
        if isinstance(url, str) and isinstance(resource, dict) and isinstance(kind, str):
            identity = resource.get("id") or id_of_url(url, kind)
            if isinstance(identity, str):
                yield url, f"{kind}/{identity}"


def resolve(resource: Any, full_url: Any, ids: Ids) -> dict[str, str]:
    """Replace references to other entries by `Type/id` in place, where the id differs.

    Args:
        resource: the parsed resource.
        full_url: `fullUrl` of its entry.
        ids: `Type/id` by `fullUrl`, of all entries.

    Returns:
        The part of `ids` that this resource needs.
    """
    used: dict[str, str] = {}
    for reference in _references(resource) if ids else ():
        url = _full_url(reference["reference"], full_url, ids)
        if url and ids[url].partition("/")[2] != _last_part(reference["reference"]):
            used[url] = reference["reference"] = ids[url]
    return used


def _references(resource: Any) -> Iterator[dict[str, Any]]:
    waiting = [resource]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if isinstance(value.get("reference"), str):
                yield value
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)


def _full_url(reference: str, full_url: Any, ids: Ids) -> str | None:
    """Return the `fullUrl` that a reference means; a relative reference is resolved against its own entry's."""
    if reference in ids:
        return reference
    target = _REST.fullmatch(reference)
    own = _REST.fullmatch(full_url) if isinstance(full_url, str) else None
    if not target:
        return None
    base = target[1] or (own[1] if own else None) or ""
    url = f"{base}{target[2]}/{target[3]}"
    return url if url in ids else None


def _last_part(reference: str) -> str:
    urn, rest = _URN.fullmatch(reference), _REST.fullmatch(reference)
    return urn[1] if urn else rest[3] if rest else ""
