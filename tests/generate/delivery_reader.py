"""Reads deliveries by docs/contracts.md#version-order: the newest version counts, whatever the order of the lines."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

Resource = dict[str, Any]
Key = tuple[str, str]
Order = Callable[["Version"], Any]


@dataclass(frozen=True)
class Version:
    """One version of a resource; `resource` is None for a deletion."""

    key: Key
    stamp: str
    number: str
    body: bytes
    resource: Resource | None


def files_of(out: Path) -> dict[str, bytes]:
    """Return what all files of a folder hold, by their paths in it."""
    return {
        str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()
    }


def by_instant(version: Version) -> tuple[datetime, int, str]:
    """The version order: lastUpdated, versionId, hash of the body."""
    digest = hashlib.sha256(version.body).hexdigest()
    return datetime.fromisoformat(version.stamp), int(version.number), digest


def lines(folder: Path) -> list[bytes]:
    return [line for path in sorted(folder.rglob("*.ndjson")) for line in path.read_bytes().splitlines()]


def versions(texts: Iterable[bytes]) -> Iterator[Version]:
    """Yield what is readable: resources, and one deletion per entry of a Bundle."""
    for text in texts:
        try:
            resource = orjson.loads(text)
        except orjson.JSONDecodeError:
            continue
        meta = resource["meta"]
        if resource["resourceType"] != "Bundle":
            key = resource["resourceType"], resource["id"]
            yield Version(key, meta["lastUpdated"], meta["versionId"], text, resource)
            continue
        assert resource["type"] == "transaction"
        for entry in resource["entry"]:
            assert entry["request"]["method"] == "DELETE"
            kind, _, identity = entry["request"]["url"].partition("/")
            yield Version((kind, identity), meta["lastUpdated"], "0", orjson.dumps(entry), None)


def last_state(found: Iterable[Version], order: Order = by_instant) -> dict[Key, Version]:
    newest: dict[Key, tuple[Any, Version]] = {}
    for version in found:
        rank = order(version)
        if version.key not in newest or newest[version.key][0] <= rank:
            newest[version.key] = rank, version
    return {key: version for key, (_, version) in newest.items()}


def merged(state: dict[Key, Version]) -> dict[Key, Resource]:
    """Return the resources that are neither deleted nor replaced, with the surviving patient as subject."""
    resources = {key: version.resource for key, version in state.items() if version.resource is not None}
    links = {key[1]: survivor for key, resource in resources.items() if (survivor := replaced_by(resource))}
    return {
        key: with_survivor(resource, links)
        for key, resource in resources.items()
        if not replaced_by(resource)
    }


def replaced_by(resource: Resource) -> str | None:
    links = [link for link in resource.get("link", []) if link["type"] == "replaced-by"]
    return links[0]["other"]["reference"].removeprefix("Patient/") if links else None


def with_survivor(resource: Resource, links: dict[str, str]) -> Resource:
    if "subject" not in resource:
        return resource
    patient = resource["subject"]["reference"].removeprefix("Patient/")
    while patient in links:
        patient = links[patient]
    return {**resource, "subject": {"reference": f"Patient/{patient}"}}


def in_error(resource: Resource) -> bool:
    verification = resource.get("verificationStatus", {}).get("coding", [{}])[0].get("code")
    return "entered-in-error" in (resource.get("status"), verification)
