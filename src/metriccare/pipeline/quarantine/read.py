"""Reads the quarantine from its partition of bronze and from the ledger, without a JVM."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC
from pathlib import Path
from typing import Any

from metriccare.definitions.tables import QUARANTINE, RECORD
from metriccare.errors import LakeError
from metriccare.lake.ledger import QuarantineEntry, QuarantineState, open_ledger
from metriccare.lake.reader import Filter, read_table
from metriccare.lake.storage import has_table
from metriccare.pipeline.quarantine.record import Record
from metriccare.settings import Lake

QUARANTINED: Filter = ("resource_type", "=", QUARANTINE)
_COLUMNS = (
    "file_version",
    "position",
    "source",
    "file",
    "reason_code",
    "reason",
    "received_at",
    "batch_id",
)


def read_quarantine(lake: Lake, ledger_url: str = "") -> list[Record]:
    """Return every quarantined record with its state, the newest received first.

    Args:
        lake: the lake.
        ledger_url: where its ledger is; empty means in its own folder.

    Raises:
        LakeError: there is no lake, or its bronze can't be read.
        LedgerError: its ledger can't be read.
    """
    if not has_table(lake, RECORD):
        raise LakeError(
            f"There is no lake at {lake.root}: pass its location with --lake, or run `metriccare run`."
        )
    states = dict(_states(lake, ledger_url))
    rows = read_table(lake, RECORD, _COLUMNS, [QUARANTINED]).to_pylist()
    return sorted((_record(row, states) for row in rows), key=lambda record: record.order)


def check_ledger(lake: Lake, ledger_url: str = "") -> None:
    """Make sure that the lake has a ledger before its quarantine is changed.

    Raises:
        LakeError: it has none.
    """
    if not _has_ledger(lake, ledger_url):
        raise LakeError(
            f"The lake {lake.root} has no ledger: restore ledger.sqlite from a backup, or pass --ledger."
        )


def _states(lake: Lake, ledger_url: str) -> Iterator[tuple[tuple[str, str], QuarantineEntry]]:
    if not _has_ledger(lake, ledger_url):
        return
    with closing(open_ledger(lake, ledger_url, create=False)) as ledger:
        for entry in ledger.quarantine():
            yield (entry.file_version, entry.position), entry


def _has_ledger(lake: Lake, ledger_url: str) -> bool:
    return bool(ledger_url) or "://" in lake.root or Path(lake.ledger).is_file()


def _record(row: dict[str, Any], states: dict[tuple[str, str], QuarantineEntry]) -> Record:
    row = row | {"received_at": row["received_at"].astimezone(UTC)}
    became = states.get((row["file_version"], row["position"]))
    if became is None or became.state == QuarantineState.OPEN:
        return Record(**row)
    return Record(**row, state=became.state, state_reason=became.reason, changed_at=became.changed_at)
