"""Classifies a raw line: the FHIR resources in it, or the reason why it is quarantined.

The line is parsed once, strictly: it must be unambiguous, and the fields that silver reads must have FHIR's JSON types.
Their values are interpreted by silver.
"""

from collections.abc import Iterator
from typing import Any

from metriccare.bronze.bundle import BUNDLE, bundle_records
from metriccare.bronze.export import export_file_type
from metriccare.bronze.input_record import InputRecord, accepted, quarantined
from metriccare.bronze.parse import check_keys, loads
from metriccare.bronze.rejection import RejectedError
from metriccare.bronze.resource import excerpt, identity, known_type, stamp
from metriccare.fhir.ndjson import RawLine


def classify(line: RawLine) -> list[InputRecord]:
    """Return the input records of a line: one per resource or Bundle entry, none for a blank line.

    Columns: those of `schemas.INPUT_RECORD` except the file's. `position` is the line's offset, for an entry
    `<offset>/entry[<number from 0>]`, in a nested Bundle `<offset>/entry[n]/entry[m]`. `resource_type` is
    `_quarantine` for a rejected record, `_manifest` or `_log` for files about the export itself. `body` is the text
    unchanged (in a Bundle, that of the entry), `body_encoding` is `utf-8` or `base64`. `body_sha256` is the hash of
    `resource` if there is one, so that it is the same for a resource in a Bundle and on its own line.
    """
    if not line.code and not line.data.strip():
        return []
    position = str(line.offset)
    try:
        if line.code:
            raise RejectedError(line.code, line.problem)
        return list(_classified(position, line.data))
    except RejectedError as rejected:
        return [quarantined(position, line.data, rejected)]


def _classified(position: str, text: bytes) -> Iterator[InputRecord]:
    value = loads(text)
    export_file = export_file_type(value)
    if export_file:
        yield accepted(position, text, export_file)
    elif (kind := known_type(value)) == BUNDLE:
        yield from bundle_records(position, text, value)
    else:
        check_keys(text, value)
        yield _resource(position, text, value, kind)


def _resource(position: str, text: bytes, value: dict[str, Any], kind: str) -> InputRecord:
    resource_id = identity(value, kind, text)
    last_updated, version_id = stamp(value)
    return accepted(
        position,
        text,
        kind,
        resource_id=resource_id,
        last_updated=last_updated,
        version_id=version_id,
        resource=excerpt(text, value, kind),
    )
