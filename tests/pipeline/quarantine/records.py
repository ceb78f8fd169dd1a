"""Quarantined records in a line, and the commands on them."""

from datetime import UTC, datetime
from typing import Any

from click.testing import CliRunner, Result

from metriccare.cli import main
from metriccare.pipeline.quarantine.record import Record
from metriccare.settings import Lake

RECEIVED = datetime(2026, 11, 1, 12, tzinfo=UTC)


def record(position: str, version: str = "aaaa1111bbbb2222", **changes: Any) -> Record:
    fields = {
        "source": "west",
        "file": "/raw/source=west/a.ndjson",
        "reason_code": "not_json",
        "reason": "The line is no complete JSON value: unexpected end.",
        "received_at": RECEIVED,
        "batch_id": "run-1",
    }
    return Record(version, position, **(fields | changes))


def command(lake: Lake, *given: str) -> Result:
    """Call `metriccare quarantine` for a lake."""
    return CliRunner().invoke(main, ["quarantine", *given, "--lake", lake.root])
