"""Versions of a resource: older and newer ones, and deletions, ordered by their stamps."""

from datetime import UTC, datetime, timedelta
from typing import Any

from metriccare.generate.render.common import TAG, Resource

_MINUTES_BEFORE = timedelta(minutes=25)
_LAST_MINUTE = "T23:59:00Z"
_DATE = 10
OLDER_FORMS = 3


def changed(resource: Resource, stamp: str, version: int | None = None, **fields: Any) -> Resource:
    """Return another version of a resource; fields that are None are left out.

    Args:
        resource: the version it is made of.
        stamp: its `meta.lastUpdated`.
        version: its `meta.versionId`; the one before that of `resource` if None.
        fields: its other fields.
    """
    meta = resource["meta"]
    number = max(0, int(meta["versionId"]) - 1) if version is None else version
    whole = {**resource, "meta": {**meta, "versionId": str(number), "lastUpdated": stamp}, **fields}
    return {name: value for name, value in whole.items() if value is not None}


def older(form: int, resource: Resource, **fields: Any) -> Resource:
    """Return an older version, in one of three forms.

    Args:
        form: 0, only its version is lower; 1, its stamp is earlier; 2, its stamp is earlier, but written in UTC, so
            that as a text it is the greater one.
        resource: the version it is older than.
        fields: its other fields.
    """
    stamp = resource["meta"]["lastUpdated"]
    before = datetime.fromisoformat(stamp) - _MINUTES_BEFORE
    utc = before.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return changed(resource, (stamp, before.isoformat(), utc)[form % OLDER_FORMS], **fields)


def newer(resource: Resource, sent: str, **fields: Any) -> Resource:
    """Return a newer version of a resource, made on the day it is sent."""
    return changed(resource, stamp_after([resource], sent), int(resource["meta"]["versionId"]) + 1, **fields)


def stamp_after(resources: list[Resource], sent: str) -> str:
    """Return an instant after the stamps of all resources, on the day `sent` where that is later."""
    latest: str = max(resource["meta"]["lastUpdated"][:_DATE] for resource in resources)
    return max(latest, sent) + _LAST_MINUTE


def deletion(resources: list[Resource], sent: str) -> Resource:
    """Return the Bundle that deletes resources, as FHIR bulk export writes it into its `deleted` files.

    FHIR Bulk Data Access 2.0, "Deleted": type transaction, `request.method` DELETE, `request.url` <type>/<id>.
    """
    urls = [f"{resource['resourceType']}/{resource['id']}" for resource in resources]
    return {
        "resourceType": "Bundle",
        "meta": {"lastUpdated": stamp_after(resources, sent), "tag": TAG},
        "type": "transaction",
        "entry": [{"request": {"method": "DELETE", "url": url}} for url in urls],
    }
