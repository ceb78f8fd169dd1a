"""Raw NDJSON as the naive check reads it: newest versions, references, dates of any precision.

Written from the text of MEASURES; shares no code with the package. Readings of what the text leaves open are
marked "Reading".
"""

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

Resource = dict[str, Any]
Key = tuple[str, str]  # resource type, id


def newest_by_source(folder: Path, received: datetime) -> dict[str, dict[Key, Resource]]:
    """Return the newest version of every resource of each source; `received` stands in for a missing stamp."""
    found: dict[str, dict[Key, Resource]] = {}
    for source, line in lines(folder):
        remember(found.setdefault(source, {}), line, received)
    return {
        source: {key: one for key, one in newest.items() if not is_deletion(one)}
        for source, newest in found.items()
    }


def lines(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*.ndjson")):
        sources = re.findall(r"source=([^/\\]+)", str(path))
        for line in path.read_bytes().splitlines():
            yield (sources[-1] if sources else "default"), line


def remember(newest: dict[Key, Resource], line: bytes, received: datetime) -> None:
    """Keep a resource, or its deletion, unless a newer version of it is known already (0.1.7)."""
    resource = json.loads(line)
    for kind, id, one, body in deletions(resource) or [(*identity(resource), resource, line)]:
        one["version"] = version(resource.get("meta", {}), body, received)
        key = (kind, id)
        if kind and id and (key not in newest or newest[key]["version"] < one["version"]):
            newest[key] = one


def identity(resource: Resource) -> Key:
    return resource.get("resourceType", ""), resource.get("id", "")


def deletions(bundle: Resource) -> list[tuple[str, str, Resource, bytes]]:
    """Return what a Bundle of a bulk export's `deleted` file deletes: type, id, the entry, its text."""
    if bundle.get("resourceType") != "Bundle" or bundle.get("type") != "transaction":
        return []
    return [
        (*entry["request"]["url"].split("/"), entry, json.dumps(entry).encode())
        for entry in bundle.get("entry", [])
        if is_deletion(entry)
    ]


def is_deletion(one: Resource) -> bool:
    return str(one.get("request", {}).get("method", "")).upper() == "DELETE"


def version(meta: Resource, line: bytes, received: datetime) -> tuple[datetime, int, str]:
    number = meta.get("versionId", "")
    stamp = instant(meta.get("lastUpdated")) or received
    return stamp, int(number) if number.isdecimal() else 0, hashlib.sha256(line).hexdigest()


def target(reference: Resource | None, kind: str) -> str | None:
    """Return the id that a reference to a type means, in the forms of 0.4.5, and FHIR's absolute and versioned ones.

    One to another type means nothing (10.14). Reading: a word with a capital before the id is a type.
    """
    text = (reference or {}).get("reference", "")
    *_, named, id = ["", *text.split("/_history/")[0].split("?")[0].split("/")]
    is_other = re.fullmatch("[A-Z][a-z][A-Za-z]+", named) and named != kind
    if text.startswith("#") or is_other:
        return None
    if "identifier=" in text:
        return str(text.split("identifier=")[1].split("|")[-1])
    return id.split(":")[-1] or None


def day(text: str | None) -> date | None:
    """The calendar date as written; a year or a month is none (0.2.1, 0.2.2)."""
    if not text or not re.fullmatch(r"\d{4}-\d\d-\d\d(T.+)?", text):
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def has_time(text: str | None) -> bool:
    return day(text) is not None and "T" in str(text)


def instant(text: str | None) -> datetime | None:
    """Reading: without a configured zone, a date is its midnight and a bare time a time in UTC (0.2.3)."""
    if text is None or day(text) is None:
        return None
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
