"""Records are dismissed in either store, and never while somebody else writes bronze."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.pipeline.quarantine.records import record

from metriccare.errors import LeaseLostError, QuarantineError
from metriccare.lake.ledger import Ledger, QuarantineEntry, QuarantineState, this_process
from metriccare.pipeline.quarantine.dismiss import dismiss
from metriccare.pipeline.stage import Stage
from metriccare.settings import Lake

NOW = datetime(2026, 11, 2, tzinfo=UTC)
RECORDS = [record("7"), record("90/entry[2]")]


def states(ledger: Ledger) -> dict[str, tuple[str, str]]:
    return {one.position: (one.state.value, one.reason) for one in ledger.quarantine()}


def test_a_dismissed_record_keeps_its_reason_until_there_is_another(
    ledger: Ledger, store: str, tmp_path: Path
) -> None:
    with Stage("bronze", Lake(str(tmp_path)), "run-1", store) as stage:
        assert dismiss(stage, RECORDS, "A test.", NOW) == 2
        assert dismiss(stage, RECORDS[:1], "Sent again.", NOW) == 1
    assert states(ledger) == {"7": ("dismissed", "Sent again."), "90/entry[2]": ("dismissed", "A test.")}


def test_of_several_none_is_dismissed_where_one_was_replayed(
    ledger: Ledger, store: str, tmp_path: Path
) -> None:
    ledger.set_quarantine([QuarantineEntry(*RECORDS[1].key, QuarantineState.REPLAYED, "accepted", NOW)])
    with (
        Stage("bronze", Lake(str(tmp_path)), "run-1", store) as stage,
        pytest.raises(QuarantineError, match=r":90/entry\[2\] was replayed and counts"),
    ):
        dismiss(stage, RECORDS, "A test.", NOW)
    assert states(ledger) == {"90/entry[2]": ("replayed", "accepted")}


def test_a_process_that_was_taken_over_dismisses_nothing(ledger: Ledger, store: str, tmp_path: Path) -> None:
    with Stage("bronze", Lake(str(tmp_path)), "run-1", store) as stage:
        ledger.acquire("bronze", this_process("run-2"), datetime.now(UTC))
        with pytest.raises(LeaseLostError):
            dismiss(stage, RECORDS, "A test.", NOW)
    assert states(ledger) == {}
