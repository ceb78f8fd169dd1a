"""What bulk exports lay beside their resources: the manifest and the log. They are counted and passed over."""

from typing import Any

MANIFEST = "_manifest"
LOG = "_log"

# FHIR Bulk Data Access 2.0, Response - Output Manifest; SMART Bulk Data Client, Bulk Data Export Log Items.
_MANIFEST_NAMES = {"transactionTime", "request", "output"}
_LOG_NAMES = {"exportId", "timestamp", "eventId"}


def side_file(value: Any) -> str | None:
    """Return what a JSON value is, if it is no resource but belongs to an export; else None."""
    names = set(value) if isinstance(value, dict) and "resourceType" not in value else set()
    if names >= _MANIFEST_NAMES:
        return MANIFEST
    return LOG if names >= _LOG_NAMES else None
