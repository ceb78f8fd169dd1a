"""One piece of input as the columns of bronze.record (`schemas.PIECE` without those of its file)."""

import base64
import hashlib

from metriccare.bronze.refusal import RefusedError
from metriccare.definitions.tables import QUARANTINE

Piece = dict[str, object]


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
) -> Piece:
    """Return a piece that was understood, its texts unchanged.

    Args:
        position: where it lies in its file.
        body: the text as it came.
        resource_type: of what it speaks of.
        resource_id: of that.
        last_updated: its stamp, as written.
        version_id: its version, as written.
        resource: what silver reads, if that is not the body.
        bundle: what an entry needs of its Bundle.
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


def quarantined(position: str, body: bytes, refused: RefusedError, bundle: str | None = None) -> Piece:
    """Return a piece that can't be taken, with the reason."""
    piece = accepted(position, body, QUARANTINE, bundle=bundle)
    return piece | {"reason_code": refused.code, "reason": str(refused)}


def _body(text: bytes) -> Piece:
    try:
        return {"body": text.decode("utf-8"), "body_encoding": "utf-8"}
    except UnicodeDecodeError:
        return {"body": base64.b64encode(text).decode("ascii"), "body_encoding": "base64"}
