"""The ledger: what of the raw zone is read, who may write, how far each stage has come.

docs/contracts.md#the-ledger says what it must hold.
"""

from metriccare.lake.ledger.model import (
    FORMAT,
    FileEntry,
    FileState,
    FileVersion,
    Lease,
    Ledger,
    Owner,
    QuarantineEntry,
    QuarantineState,
    RunEntry,
)
from metriccare.lake.ledger.open import open_ledger
from metriccare.lake.ledger.process import is_alive, this_process

__all__ = [
    "FORMAT",
    "FileEntry",
    "FileState",
    "FileVersion",
    "Lease",
    "Ledger",
    "Owner",
    "QuarantineEntry",
    "QuarantineState",
    "RunEntry",
    "is_alive",
    "open_ledger",
    "this_process",
]
