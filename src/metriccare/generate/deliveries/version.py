"""Older and newer versions of a resource, and deletions, ordered by their timestamps."""

from datetime import UTC, datetime, timedelta
from typing import Any

from metriccare.generate.render.common import TAG, Resource

_MINUTES_BEFORE = timedelta(minutes=25)
_LAST_MINUTE = "T23:59:00Z"
_DATE = 10
OLDER_FORMS = 3


def changed(resource: Resource, stamp: str, version: int | None = None, **fields: Any) -> Resource:
    """Return another version of a resource; fields that are None are removed.

    Args:
        resource: the version to start from.
        stamp: `meta.lastUpdated` of the new version.
        version: `meta.versionId` of the new version; None means one less than that of `resource`.
        fields: changed fields.
    """
    meta = resource["meta"]
    number = max(0, int(meta["versionId"]) - 1) if version is None else version
    whole = {**resource, "meta": {**meta, "versionId": str(number), "lastUpdated": stamp}, **fields}
    return {name: value for name, value in whole.items() if value is not None}


def older(form: int, resource: Resource, **fields: Any) -> Resource:
    """Return an older version, in one of three forms.

    Args:
        form: 0, only the versionId is lower; 1, the timestamp is earlier; 2, the timestamp is earlier but written in
            UTC, so that it is greater as text.
        resource: the newer version.
        fields: changed fields.
    """
    stamp = resource["meta"]["lastUpdated"]
    before = datetime.fromisoformat(stamp) - _MINUTES_BEFORE
    utc = before.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return changed(resource, (stamp, before.isoformat(), utc)[form % OLDER_FORMS], **fields)


def newer(resource: Resource, sent: str, **fields: Any) -> Resource:
    """Return a newer version of a resource, updated on the day it is sent."""
    return changed(resource, stamp_after([resource], sent), int(resource["meta"]["versionId"]) + 1, **fields)


def stamp_after(resources: list[Resource], sent: str) -> str:
    """Return a timestamp later than those of all resources, not before the day `sent`."""
    latest: str = max(resource["meta"]["lastUpdated"][:_DATE] for resource in resources)
    return max(latest, sent) + _LAST_MINUTE


def deletion(resources: list[Resource], sent: str) -> Resource:
    """Return a Bundle that deletes resources, as in the `deleted` files of a FHIR bulk export.

    FHIR Bulk Data Access 2.0, "Deleted": type transaction, `request.method` DELETE, `request.url` <type>/<id>.
    """
    urls = [f"{resource['resourceType']}/{resource['id']}" for resource in resources]
    return {
        "resourceType": "Bundle",
        "meta": {"lastUpdated": stamp_after(resources, sent), "tag": TAG},
        "type": "transaction",
        "entry": [{"request": {"method": "DELETE", "url": url}} for url in urls],
    }
