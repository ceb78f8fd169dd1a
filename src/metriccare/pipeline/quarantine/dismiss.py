"""Dismisses quarantined records that need no fix, with a reason."""

import logging
from collections.abc import Sequence
from datetime import datetime

from metriccare.errors import ParameterError, QuarantineError
from metriccare.lake.ledger import QuarantineEntry, QuarantineState
from metriccare.pipeline.quarantine.record import Record
from metriccare.pipeline.quarantine.states import in_state
from metriccare.pipeline.stage import Stage

log = logging.getLogger(__name__)

LONGEST_REASON = 500


def check_reason(value: str) -> str:
    """Return the reason without surrounding whitespace.

    Raises:
        ParameterError: there is none, or it is longer than 500 characters.
    """
    reason = value.strip()
    if not 1 <= len(reason) <= LONGEST_REASON:
        raise ParameterError(
            f"The reason has {len(reason):,} characters; explain in 1 to {LONGEST_REASON} characters why these records "
            "need no fix."
        )
    return reason


def dismiss(stage: Stage, records: Sequence[Record], reason: str, now: datetime) -> int:
    """Mark the records as dismissed, and return how many those are.

    Args:
        stage: bronze, held so that no other process replays them meanwhile.
        records: which; records that are dismissed already get the new reason.
        reason: why.
        now: UTC.

    Raises:
        QuarantineError: one was replayed, and counts.
    """
    replayed = in_state(stage.ledger, QuarantineState.REPLAYED)
    counted = [record for record in records if record.key in replayed]
    if counted:
        raise QuarantineError(
            f"{counted[0].id} was replayed and counts, so it can't be dismissed: leave it out. Nothing was dismissed."
        )
    stage.check()
    stage.ledger.set_quarantine(
        [
            QuarantineEntry(record.file_version, record.position, QuarantineState.DISMISSED, reason, now)
            for record in records
        ]
    )
    log.info("dismiss records", extra={"records": len(records)})
    return len(records)
