"""Opens the ledger of a lake: its own SQLite file, or the DynamoDB table that a URL names."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from metriccare.errors import LedgerError
from metriccare.lake.ledger.model import Ledger
from metriccare.lake.ledger.sqlite import SqliteLedger
from metriccare.runtime.extras import require
from metriccare.settings import Lake


def open_ledger(lake: Lake, ledger_url: str = "", *, create: bool = True) -> Ledger:
    """Open the ledger of a lake.

    Args:
        lake: the lake.
        ledger_url: `dynamodb://<table>`, with `?lake=<name>` if that is not the lake's location; empty means the
            file in the lake's folder.
        create: create one if there is none; readers don't.

    Raises:
        LedgerError: it is missing, can't be used, or was written by a newer version.
    """
    parts = urlsplit(ledger_url)
    if parts.scheme == "dynamodb" and parts.netloc:
        require("aws")
        from metriccare.lake.ledger.dynamodb import DynamoLedger

        name = parse_qs(parts.query).get("lake", [lake.root])[0]
        return DynamoLedger(parts.netloc, name, create=create)
    if ledger_url:
        raise LedgerError(
            f"{ledger_url!r} is not a ledger; use dynamodb://<table>, or nothing for the lake's own file."
        )
    if "://" in lake.root:
        raise LedgerError(
            f"The lake {lake.root} needs a ledger on DynamoDB: pass one with --ledger dynamodb://<table>."
        )
    return SqliteLedger(Path(lake.ledger), create=create)
