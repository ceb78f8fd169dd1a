"""What silver has to do: the commits of bronze that it has not taken, or a rebuild and why."""

import logging
from dataclasses import dataclass

from metriccare.definitions.sources import Sources
from metriccare.definitions.tables import PATIENT_CHANGE, RECORD
from metriccare.errors import LakeError
from metriccare.pipeline.checkpoints import SilverCheckpoint
from metriccare.pipeline.fingerprints import Fingerprints, silver_fingerprints
from metriccare.pipeline.stage_writer import StageWriter
from metriccare.pipeline.stages.rebuild_reasons import why_rebuild

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SilverChanges:
    """What silver has to do.

    Attributes:
        from_instant: the last commit of bronze that it has taken; empty for none.
        to_instant: the last one that it takes.
        is_rebuild: all tables are rebuilt from all of bronze.
        reasons: why, in words; empty for the first build and if there is no rebuild.
        fingerprints: what the rows will depend on besides the records, see `metriccare.pipeline.fingerprints`.
    """

    from_instant: str
    to_instant: str
    is_rebuild: bool
    reasons: tuple[str, ...]
    fingerprints: Fingerprints

    @property
    def is_empty(self) -> bool:
        """True if silver holds all of bronze already."""
        return not self.is_rebuild and self.from_instant == self.to_instant

    @property
    def sentence(self) -> str:
        """Say what is done and why."""
        if self.reasons:
            return f"Silver is rebuilt from all of bronze: {'; '.join(self.reasons)}."
        if self.is_rebuild:
            return "Silver is built from all of bronze for the first time."
        return "Nothing new in bronze." if self.is_empty else "Silver processes the new records of bronze."


def find_changes(
    writer: StageWriter, sources: Sources, *, full_refresh: bool = False, to_instant: str = ""
) -> SilverChanges:
    """Find out what silver has to do.

    Args:
        writer: of silver.
        sources: what is configured.
        full_refresh: rebuild all tables.
        to_instant: the last commit of bronze that is taken; empty for the latest.

    Raises:
        LakeError: there is no bronze table yet.
    """
    latest = to_instant or writer.lake.latest_commit(RECORD)
    if not latest:
        raise LakeError(
            f"The lake {writer.lake.location.root} has no {RECORD} yet: run the notebook 02_bronze first."
        )
    checkpoint, now = writer.load(SilverCheckpoint), silver_fingerprints(sources)
    taken = checkpoint.bronze_instant
    reasons = why_rebuild(writer, checkpoint, RECORD, taken, now, full_refresh)
    changes = SilverChanges(taken, latest, not taken or bool(reasons), tuple(reasons), now)
    log.info("plan stage", extra={"reason": changes.sentence})
    return changes


def save_checkpoint(writer: StageWriter, changes: SilverChanges) -> None:
    """Save how far silver has come, after all its tables are written."""
    if not changes.is_empty:
        writer.save(
            SilverCheckpoint(
                bronze_instant=changes.to_instant,
                change_instant=writer.lake.latest_commit(PATIENT_CHANGE),
                fingerprints=changes.fingerprints,
                run_id=writer.run_id,
            )
        )
