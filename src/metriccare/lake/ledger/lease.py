"""When a lease may be taken over, and the errors if it may not: the same for every store."""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from metriccare.errors import LeaseLostError, StageBusyError
from metriccare.lake.ledger.model import Lease, Owner
from metriccare.lake.ledger.process import is_alive, is_here, is_same

log = logging.getLogger(__name__)

TIME_TO_LIVE = timedelta(minutes=15)
PATIENCE_SECONDS = 3.0  # a notebook's kernel outlives its killed parent by a second
_STEP_SECONDS = 0.2


def is_free(held: Lease | None, owner: Owner, now: datetime) -> bool:
    """True if there is no lease, its owner is this process or has ended, or (on another machine) it has expired.

    A process may acquire it again, for another run too: the cells of an open notebook are run once more. A process that
    is the sole one of its run also takes what an earlier attempt of that run has left on another machine.
    """
    if held is None or is_same(held.owner, owner):
        return True
    reason = _why_over(held, owner, now)
    if reason:
        log.warning("take over lease", extra=_about(held) | {"reason": reason})
    return bool(reason)


def _why_over(held: Lease, owner: Owner, now: datetime) -> str:
    """Return why the holder of a lease writes no more; empty if it may."""
    if is_here(held.owner):
        return "" if is_alive(held.owner) else "its process has ended"
    if owner.is_sole and held.owner.run_id == owner.run_id:
        return "it was an earlier attempt of this run"
    return "it has expired" if held.expires_at <= now else ""


def _about(held: Lease) -> dict[str, str | int]:
    """Return the fields of a lease and its owner."""
    return {"stage": held.stage, "run": held.owner.run_id, "host": held.owner.host, "pid": held.owner.pid}


def next_lease(stage: str, owner: Owner, last_token: int, now: datetime) -> Lease:
    """Return the lease that comes after the one with `last_token`."""
    return Lease(stage, owner, last_token + 1, now + TIME_TO_LIVE)


def retry_acquire(take: Callable[[], Lease | Exception]) -> Lease:
    """Try for a few seconds to acquire a lease.

    Raises:
        StageBusyError: another process keeps it.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        found = take()
        if isinstance(found, Lease):
            return found
        if time.monotonic() >= deadline:
            raise found
        time.sleep(_STEP_SECONDS)


def busy(held: Lease, since: datetime) -> StageBusyError:
    """Return the error that says who has the lease."""
    owner = held.owner
    log.debug("wait for lease", extra=_about(held))
    return StageBusyError(
        f"The stage {held.stage} of this lake is being written by run {owner.run_id} (process {owner.pid} on "
        f"{owner.host}, since {since:%Y-%m-%d %H:%M} UTC): wait until it ends, or shut down that notebook's kernel."
    )


def lost(lease: Lease) -> LeaseLostError:
    """Return the error that says that another process has the lease now."""
    log.error("lease lost", extra=_about(lease))
    return LeaseLostError(
        f"Another process has taken over the stage {lease.stage} from run {lease.owner.run_id}, which "
        "seemed to have ended: nothing more was written; run again."
    )
