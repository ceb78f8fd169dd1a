"""Classifies a quarantined record again, with the current code."""

from metriccare.bronze.bundle import context_from_json, entry_records
from metriccare.bronze.classify import classify
from metriccare.bronze.input_record import InputRecord, quarantined
from metriccare.bronze.parse import loads
from metriccare.bronze.rejection import RejectedError
from metriccare.fhir.ndjson import RawLine


def reclassify(position: str, text: bytes, bundle: str | None) -> list[InputRecord]:
    """Classify a quarantined record again, as if it were received now.

    Args:
        position: its position.
        text: its body, decoded if it was stored in base64.
        bundle: its column `bundle`, the context of an entry from its Bundle.
    """
    if bundle is None:
        return [_at_position(record, position) for record in classify(RawLine(0, text))]
    try:
        entry = loads(text)
    except RejectedError as rejected:
        return [quarantined(position, text, rejected, bundle)]
    return list(entry_records(position, text, entry, context_from_json(bundle)))


def _at_position(record: InputRecord, position: str) -> InputRecord:
    return record | {"position": position + str(record["position"]).removeprefix("0")}
