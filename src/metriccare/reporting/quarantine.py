"""Quarantined records for the terminal, or as JSON."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from metriccare.pipeline.quarantine.reasons import counts_in_words
from metriccare.pipeline.quarantine.record import Record
from metriccare.pipeline.quarantine.text import Text, shorten
from metriccare.reporting.terminal import Terminal, one_line

SHOWN_CHARACTERS = 2_000


def by_reason(records: Sequence[Record]) -> Counter[str]:
    """Return the number of records by reason."""
    return Counter(record.reason_code for record in records)


def list_as_json(chosen: Sequence[Record], shown: Sequence[Record], texts: Mapping[str, Text]) -> str:
    """Return the selected records as a JSON object: `total`, `by_reason`, and `records`, those that are shown."""
    rows = [_fields(record) | {"size": texts[record.id].size} for record in shown]
    return _json({"total": len(chosen), "by_reason": dict(by_reason(chosen)), "records": rows})


def show_list(
    console: Terminal,
    chosen: Sequence[Record],
    shown: Sequence[Record],
    texts: Mapping[str, Text],
    names: Mapping[str, str],
) -> None:
    """Print the selected records file by file, then their number by reason.

    Args:
        console: where.
        chosen: the selected records.
        shown: the first of them.
        texts: the texts of the records that are shown, by id.
        names: the short ids, by id; they contain the position.
    """
    if not chosen:
        console.print("No quarantined records match.")
        return
    wide = max(len(names[record.id]) for record in shown)
    for _, of_file in groupby(shown, key=lambda record: record.file_version):
        records = list(of_file)
        console.print(_origin(records[0]), soft_wrap=True)
        for record in records:
            size = f"{texts[record.id].size:,} bytes"
            console.print(f"  {names[record.id]:<{wide}}  {record.reason_code}, {size}", soft_wrap=True)
    more = f" ({len(shown):,} shown)" if len(shown) < len(chosen) else ""
    console.print(f"\n{_records(len(chosen))}{more}: {counts_in_words(by_reason(chosen))}", soft_wrap=True)


def record_as_json(record: Record, text: Text, remedy: str) -> str:
    """Return one record with its full text as a JSON object."""
    more = {"remedy": remedy, "size": text.size, "is_utf8": text.is_utf8, "text": text.readable}
    return _json(_fields(record) | more)


def show_record(console: Terminal, record: Record, text: Text, remedy: str, longest: int) -> None:
    """Print a record: its origin, reason, remedy, state and text."""
    facts = {
        "Record": record.id,
        "Source": record.source,
        "File": record.file,
        "Position": record.position,
        "Received": f"{record.received_at:%Y-%m-%d %H:%M} UTC, batch {record.batch_id}",
        "Reason": f"{record.reason_code}: {record.reason}",
        "What to do": remedy,
        "State": _state(record),
    }
    for name, value in facts.items():
        console.print(f"{name + ':':<12}{value}", soft_wrap=True)
    note = "" if text.is_utf8 else r", bytes that are not UTF-8 are shown as \x.."
    console.print(f"\nText, {text.size:,} bytes{note}:")
    console.print(shorten(text.readable, longest), soft_wrap=True)


def _state(record: Record) -> str:
    if record.changed_at is None:
        return record.state.value
    return f"{record.state.value} on {record.changed_at:%Y-%m-%d %H:%M} UTC: {record.state_reason}"


def _origin(record: Record) -> str:
    """Return where a record came from, and when."""
    return one_line(
        f"{record.file} (source {record.source}, received {record.received_at:%Y-%m-%d %H:%M} UTC)"
    )


def _records(count: int) -> str:
    return f"{count:,} record{'' if count == 1 else 's'}"


def _fields(record: Record) -> dict[str, Any]:
    return {"id": record.id, **vars(record)}


def _json(value: object) -> str:
    return json.dumps(value, indent=2, default=lambda moment: moment.isoformat())
