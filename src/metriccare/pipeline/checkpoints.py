"""How far each stage has come: one checkpoint per stage, kept in the ledger as JSON with a format number.

A stage saves its checkpoint after its tables are written, so that a run that is killed in between repeats its work.
What must be known before a write (a rebuild has begun, an as_of is pending, a replay has begun) is saved before it.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, ClassVar, TypeVar

import msgspec

from metriccare.errors import LedgerError
from metriccare.lake.ledger import Ledger

FORMAT = "format"


@dataclass(frozen=True)
class BronzeCheckpoint:
    """What bronze has taken.

    Attributes:
        watermark: the latest commit of bronze.record, published for silver; empty if nothing was read yet.
        replaying: the batch id of a replay that has begun and not ended; empty for none.
        records: how many records the batches have brought so far; a replay brings none.
        quarantined: how many of them were quarantined as they came.
    """

    STAGE: ClassVar[str] = "bronze"
    FORMAT: ClassVar[int] = 1

    watermark: str = ""
    replaying: str = ""
    records: int = 0
    quarantined: int = 0


@dataclass(frozen=True)
class _Consumed:
    """What silver and gold both keep.

    Attributes:
        bronze_instant: the last commit of bronze.record whose records are in the tables; empty if none is.
        change_instant: the last commit of silver.patient_change that they include.
        fingerprints: what the rows depend on besides records, see `metriccare.pipeline.fingerprints`.
        run_id: the run that saved this.
        is_rebuilding: a rebuild has begun and not ended.
    """

    bronze_instant: str = ""
    change_instant: str = ""
    fingerprints: dict[str, str] = field(default_factory=dict)
    run_id: str = ""
    is_rebuilding: bool = False

    @property
    def has_completed(self) -> bool:
        """True once the stage has completed a run."""
        return bool(self.bronze_instant)

    @property
    def is_interrupted(self) -> bool:
        """True if a run was interrupted, so that the stage's tables do not fit together."""
        return self.is_rebuilding


@dataclass(frozen=True)
class SilverCheckpoint(_Consumed):
    """What silver has taken from bronze."""

    STAGE: ClassVar[str] = "silver"
    FORMAT: ClassVar[int] = 1


@dataclass(frozen=True)
class GoldCheckpoint(_Consumed):
    """What gold has taken from silver.

    Attributes:
        as_of: the date that its rows are decided at; empty if there are none.
        requested_as_of: the date that was asked for; empty for the newest discharge.
        pending_as_of: the dates that its rows may be decided at while a run is unfinished.
    """

    STAGE: ClassVar[str] = "gold"
    FORMAT: ClassVar[int] = 1

    as_of: str = ""
    requested_as_of: str = ""
    pending_as_of: tuple[str, ...] = ()

    @property
    def is_interrupted(self) -> bool:
        """True if a run was interrupted, so that the stage's tables do not fit together."""
        return self.is_rebuilding or bool(self.pending_as_of)

    def is_behind(self, silver: SilverCheckpoint) -> bool:
        """Tell whether silver has moved on since gold read it."""
        taken = self.bronze_instant, self.change_instant
        return taken != (silver.bronze_instant, silver.change_instant)


Checkpoint = BronzeCheckpoint | SilverCheckpoint | GoldCheckpoint
C = TypeVar("C", BronzeCheckpoint, SilverCheckpoint, GoldCheckpoint)


def load_checkpoint(ledger: Ledger, kind: type[C]) -> C:
    """Return the checkpoint of a stage; the default one if it never ran.

    Raises:
        LedgerError: a newer version saved it, or it is damaged.
    """
    return from_json(kind, ledger.state(kind.STAGE))


def to_json(checkpoint: Checkpoint) -> dict[str, Any]:
    """Return what the ledger keeps of a checkpoint."""
    return {FORMAT: checkpoint.FORMAT, **asdict(checkpoint)}


def from_json(kind: type[C], kept: Mapping[str, Any]) -> C:
    """Return the checkpoint that the ledger keeps; the default one if it keeps none.

    Raises:
        LedgerError: a newer version saved it, or it is damaged.
    """
    if not kept:
        return kind()
    found = kept.get(FORMAT)
    if isinstance(found, int) and found > kind.FORMAT:
        raise LedgerError(
            f"The checkpoint of {kind.STAGE} was saved by a newer MetricCare (format {found}, this version reads "
            f"{kind.FORMAT}): install that version."
        )
    values = {name: value for name, value in kept.items() if name != FORMAT}
    unknown = sorted(values.keys() - {one.name for one in fields(kind)})
    if found != kind.FORMAT or unknown:
        what = f"unknown field {unknown[0]}" if unknown else f"format {found!r}"
        raise _damaged(kind.STAGE, what)
    try:
        return msgspec.convert(values, kind)
    except msgspec.ValidationError as error:
        raise _damaged(kind.STAGE, str(error)) from error


def _damaged(stage: str, what: str) -> LedgerError:
    return LedgerError(
        f"The checkpoint of {stage} in the ledger cannot be read ({what}): restore the ledger from a backup."
    )
