"""What gold has to do: which patients silver has changed, whether as_of changes, or a rebuild and why."""

import logging
from dataclasses import dataclass, replace
from datetime import date

from metriccare import measures
from metriccare.definitions.tables import PATIENT_CHANGE
from metriccare.errors import LakeError
from metriccare.pipeline.checkpoints import GoldCheckpoint, SilverCheckpoint
from metriccare.pipeline.fingerprints import Fingerprints, gold_fingerprints
from metriccare.pipeline.stage_writer import StageWriter
from metriccare.pipeline.stages.no_as_of import why_no_as_of
from metriccare.pipeline.stages.patient_changes import is_all_changed
from metriccare.pipeline.stages.rebuild_reasons import why_rebuild
from metriccare.pipeline.stages.whole_tables import newest_discharge

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class GoldChanges:
    """What gold has to do.

    Attributes:
        from_instant: the last commit of silver.patient_change that it has taken; empty for none.
        to_instant: the latest one.
        bronze_instant: up to which commit of bronze silver has read.
        as_of: the last day that counts.
        requested_as_of: the day that was asked for; empty for the newest discharge.
        previous_as_of: the other days that rows of gold may be decided at; what is later than the earliest of them is
            recomputed.
        is_rebuild: all stays are recomputed.
        has_new_records: bronze has grown, if only by repetitions.
        reasons: why all are recomputed, in words; empty for the first time and if there is no rebuild.
        fingerprints: what the rows will depend on besides silver.
    """

    from_instant: str
    to_instant: str
    bronze_instant: str
    as_of: date
    requested_as_of: str
    previous_as_of: tuple[date, ...]
    is_rebuild: bool
    has_new_records: bool
    reasons: tuple[str, ...]
    fingerprints: Fingerprints

    @property
    def is_as_of_changed(self) -> bool:
        """True if rows are decided at another day than the one wanted."""
        return bool(self.previous_as_of)

    @property
    def has_changes(self) -> bool:
        """True if a number may change."""
        return self.is_rebuild or self.is_as_of_changed or self.from_instant != self.to_instant

    @property
    def sentence(self) -> str:
        """Say what is done and why."""
        if self.reasons:
            return f"All stays are recomputed: {'; '.join(self.reasons)}."
        if self.is_rebuild:
            return "All stays are computed for the first time."
        if not self.has_changes:
            return "Silver has not changed: all decisions remain valid."
        changed = "The stays of changed patients are recomputed"
        if self.is_as_of_changed:
            return f"{changed}, and those with facts after {self.earliest_as_of}, because as_of changes."
        return f"{changed}."

    @property
    def earliest_as_of(self) -> date:
        """The earliest day that rows of gold may be decided at, the new one included."""
        return min((self.as_of, *self.previous_as_of))


def find_changes(writer: StageWriter, as_of: str = "", *, full_refresh: bool = False) -> GoldChanges:
    """Find out what gold has to do.

    Args:
        writer: of gold.
        as_of: the last day that counts, as YYYY-MM-DD; empty means the newest discharge.
        full_refresh: recompute all stays.

    Raises:
        LakeError: silver is not complete, or there is no usable discharge date.
    """
    silver, gold = writer.load(SilverCheckpoint), writer.load(GoldCheckpoint)
    if not silver.has_completed or silver.is_interrupted:
        raise LakeError(
            f"Silver of the lake {writer.lake.location.root} is not complete: run `metriccare run`, or the notebook "
            "03_silver."
        )
    now = gold_fingerprints(measures.DEFINITION_VERSION)
    taken, latest = gold.change_instant, silver.change_instant
    reasons = why_rebuild(writer, gold, PATIENT_CHANGE, taken, now, full_refresh)
    if taken and not reasons and taken != latest and is_all_changed(writer.lake.location, taken, latest):
        reasons = ["silver was rebuilt"]
    day = date.fromisoformat(as_of) if as_of else measures.default_as_of(newest_discharge(writer.lake))
    if day is None:
        raise LakeError(why_no_as_of(writer.lake.location))
    changes = GoldChanges(
        from_instant=taken,
        to_instant=latest,
        bronze_instant=silver.bronze_instant,
        as_of=day,
        requested_as_of=as_of,
        previous_as_of=_others(gold, day),
        is_rebuild=not taken or bool(reasons),
        has_new_records=gold.bronze_instant != silver.bronze_instant,
        reasons=tuple(reasons),
        fingerprints=now,
    )
    log.info("plan stage", extra={"reason": changes.sentence})
    return changes


def _others(gold: GoldCheckpoint, as_of: date) -> tuple[date, ...]:
    """Return the other days that rows of gold may be decided at."""
    days = {date.fromisoformat(day) for day in (gold.as_of, *gold.pending_as_of) if day}
    return tuple(sorted(days - {as_of}))


def save_pending(writer: StageWriter, changes: GoldChanges) -> None:
    """Save at which days rows may be decided from now on, and whether a rebuild begins: the run may be killed."""
    pending = sorted({str(day) for day in (*changes.previous_as_of, changes.as_of)})
    checkpoint = writer.load(GoldCheckpoint)
    writer.save(replace(checkpoint, pending_as_of=tuple(pending), is_rebuilding=changes.is_rebuild))


def save_checkpoint(writer: StageWriter, changes: GoldChanges) -> None:
    """Save how far gold has come, after all its tables are written."""
    if changes.has_changes or changes.has_new_records:
        writer.save(
            GoldCheckpoint(
                bronze_instant=changes.bronze_instant,
                change_instant=changes.to_instant,
                fingerprints=changes.fingerprints,
                run_id=writer.run_id,
                as_of=str(changes.as_of),
                requested_as_of=changes.requested_as_of,
            )
        )
