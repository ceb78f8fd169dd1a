"""One input record as columns of bronze.record (`schemas.INPUT_RECORD` without those of its file)."""

import base64
import hashlib

from metriccare.bronze.rejection import RejectedError
from metriccare.definitions.tables import QUARANTINE

InputRecord = dict[str, object]


def accepted(
    position: str,
    body: bytes,
    resource_type: str,
    *,
    resource_id: str | None = None,
    last_updated: str | None = None,
    version_id: str | None = None,
    resource: bytes | None = None,
    bundle: str | None = None,
) -> InputRecord:
    """Return an accepted record, with its text unchanged.

    Args:
        position: position in its file.
        body: the text as received.
        resource_type: type of the resource.
        resource_id: id of the resource.
        last_updated: timestamp as written.
        version_id: version as written.
        resource: the text that silver reads, if it is not the body.
        bundle: the context of an entry from its Bundle.
    """
    return {
        "position": position,
        "resource_type": resource_type,
        "resource_id": resource_id,
        "last_updated": last_updated,
        "version_id": version_id,
        **_body(body),
        "body_sha256": hashlib.sha256(resource or body).hexdigest(),
        "resource": resource.decode() if resource else None,
        "bundle": bundle,
        "reason_code": None,
        "reason": None,
    }


def quarantined(
    position: str, body: bytes, rejected: RejectedError, bundle: str | None = None
) -> InputRecord:
    """Return a quarantined record with the reason."""
    record = accepted(position, body, QUARANTINE, bundle=bundle)
    return record | {"reason_code": rejected.code, "reason": str(rejected)}


def _body(text: bytes) -> InputRecord:
    try:
        return {"body": text.decode("utf-8"), "body_encoding": "utf-8"}
    except UnicodeDecodeError:
        return {"body": base64.b64encode(text).decode("ascii"), "body_encoding": "base64"}
