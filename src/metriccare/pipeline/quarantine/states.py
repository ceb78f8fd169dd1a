"""Looks up the states of quarantined records in the ledger."""

from metriccare.lake.ledger import Ledger, QuarantineState


def in_state(ledger: Ledger, state: QuarantineState) -> set[tuple[str, str]]:
    """Return file version and position of the records that are replayed, or dismissed; open ones are not stored."""
    return {(one.file_version, one.position) for one in ledger.quarantine() if one.state == state}
