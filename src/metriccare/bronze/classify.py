"""One text of the raw zone: which FHIR resources it speaks of, or why it can't be taken.

A text is parsed once here, strictly, to see what it is, that it can be read in one way only, and that the fields
which silver reads are of FHIR's JSON types; what they say is silver's business.
"""

from collections.abc import Iterator
from typing import Any

from metriccare.bronze.bundle import BUNDLE, bundle_pieces
from metriccare.bronze.export import side_file
from metriccare.bronze.parse import check_keys, loads
from metriccare.bronze.piece import Piece, accepted, quarantined
from metriccare.bronze.refusal import RefusedError
from metriccare.bronze.resource import excerpt, identity, known_type, stamp
from metriccare.fhir.ndjson import Text


def classify(text: Text) -> list[Piece]:
    """Return the columns of the bronze records of a text: one, none of a blank line, one per entry of a Bundle.

    Columns: those of `schemas.PIECE` but the file's. `position` is the text's offset, of an entry
    `<offset>/entry[<number from 0>]`, of one in a nested Bundle `<offset>/entry[n]/entry[m]`. `resource_type` is
    `_quarantine` for a refused piece, `_manifest` or `_log` for what an export tells of itself. `body` is the text
    unchanged (of an entry, the entry), `body_encoding` `utf-8` or `base64`; `body_sha256` is that of `resource` where
    there is one, so that a resource is the same in a Bundle and on a line of its own.
    """
    if not text.code and not text.data.strip():
        return []
    position = str(text.offset)
    try:
        if text.code:
            raise RefusedError(text.code, text.problem)
        return list(_taken(position, text.data))
    except RefusedError as refused:
        return [quarantined(position, text.data, refused)]


def _taken(position: str, text: bytes) -> Iterator[Piece]:
    value = loads(text)
    aside = side_file(value)
    if aside:
        yield accepted(position, text, aside)
    elif (kind := known_type(value)) == BUNDLE:
        yield from bundle_pieces(position, text, value)
    else:
        check_keys(text, value)
        yield _resource(position, text, value, kind)


def _resource(position: str, text: bytes, value: dict[str, Any], kind: str) -> Piece:
    found = identity(value, kind, text)
    last_updated, version_id = stamp(value)
    return accepted(
        position,
        text,
        kind,
        resource_id=found,
        last_updated=last_updated,
        version_id=version_id,
        resource=excerpt(text, value, kind),
    )
