"""Files that bulk exports add to the resources, the manifest and the log: they are counted and skipped."""

from typing import Any

MANIFEST = "_manifest"
LOG = "_log"

# FHIR Bulk Data Access 2.0, Response - Output Manifest; SMART Bulk Data Client, Bulk Data Export Log Items.
_MANIFEST_NAMES = {"transactionTime", "request", "output"}
_LOG_NAMES = {"exportId", "timestamp", "eventId"}


def export_file_type(value: Any) -> str | None:
    """Return the type of a JSON value that is part of an export but not a resource; None for anything else."""
    names = set(value) if isinstance(value, dict) and "resourceType" not in value else set()
    if names >= _MANIFEST_NAMES:
        return MANIFEST
    return LOG if names >= _LOG_NAMES else None
