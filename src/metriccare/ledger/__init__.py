"""The ledger: what of the raw zone is read, who may write, how far each stage has come (DESIGN section 6)."""

from metriccare.ledger.model import (
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
from metriccare.ledger.opening import open_ledger
from metriccare.ledger.process import is_alive, this_process

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
