"""Deletions: a Bundle that does nothing but delete, as FHIR bulk export writes them into its `deleted` files.

FHIR Bulk Data Access 2.0, "Deleted": a line is a Bundle of type `transaction`, each entry of which has
`request.method` DELETE and `request.url` `<Type>/<id>`. Batches of the same shape are taken too.
"""

import re
from dataclasses import dataclass
from typing import Any

from metriccare.bronze.refusal import RefusedError

_BUNDLE_TYPES = ("transaction", "batch")
_INSTANCE = re.compile(r"([A-Za-z]+)/([^/?#\s]+)")


@dataclass(frozen=True)
class Deletion:
    """One entry that deletes one resource.

    Attributes:
        resource_type: of the resource.
        resource_id: of the resource.
        last_updated: when it was deleted, as written: the entry's `response.lastModified`, else the Bundle's
            `meta.lastUpdated`, else its `timestamp`; None if there is none of them.
    """

    resource_type: str
    resource_id: str
    last_updated: str | None


def deletions(bundle: dict[str, Any]) -> list[Deletion]:
    """Return the deletions that a Bundle consists of, in the order of its entries.

    Raises:
        RefusedError: it holds something else too (`bundle_not_supported`), or a deletion by search
            (`conditional_delete`): then nothing of it is taken, for a transaction is one whole.
    """
    entries = bundle.get("entry")
    if bundle.get("type") not in _BUNDLE_TYPES or not isinstance(entries, list) or not entries:
        raise RefusedError("bundle_not_supported")
    urls = [_deleted_url(entry) for entry in entries]
    searches = [url for url in urls if "?" in url]
    if searches:
        raise RefusedError("conditional_delete", repr(searches[0].partition("?")[0][:64] + "?…"))
    return [_deletion(bundle, entry, url) for entry, url in zip(entries, urls, strict=True)]


def _deleted_url(entry: object) -> str:
    request = _part(entry, "request")
    url = request.get("url")
    if request.get("method") != "DELETE" or not isinstance(url, str):
        raise RefusedError("bundle_not_supported")
    return url


def _deletion(bundle: dict[str, Any], entry: dict[str, Any], url: str) -> Deletion:
    named = _INSTANCE.fullmatch(url)
    if not named:
        raise RefusedError("bundle_not_supported")
    stamps = (
        _part(entry, "response").get("lastModified"),
        _part(bundle, "meta").get("lastUpdated"),
        bundle.get("timestamp"),
    )
    written = (stamp for stamp in stamps if isinstance(stamp, str) and stamp.strip())
    return Deletion(named[1], named[2], next(written, None))


def _part(whole: object, name: str) -> dict[str, Any]:
    """Return an object within an object; an empty one where it is missing or of another shape."""
    part = whole.get(name) if isinstance(whole, dict) else None
    return part if isinstance(part, dict) else {}
