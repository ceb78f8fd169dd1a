"""Sends what a run has to tell exactly once, also when the run that found it could not send it.

The ledger keeps what was sent. A retry, or the next run, compares: what could not be sent is sent then, and what was
sent is not repeated. A process that is killed between sending and noting it sends it twice.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from metriccare.errors import PublishError
from metriccare.lake.ledger import Ledger, Owner

LEASE = "messages"  # who sends: a lease of its own, since no stage is written
News = Mapping[str, Any]
Send = Callable[[News], None]  # is given the news that was sent last, empty if none


def send_once(ledger: Ledger, owner: Owner, channel: str, news: News, identity: str, send: Send) -> None:
    """Send news through a channel, unless it was sent before.

    Args:
        ledger: of the lake.
        owner: this process.
        channel: where to; each has its own memory.
        news: what is kept when it was sent, as JSON.
        identity: the field of the news by which it is known again.
        send: sends it.

    Raises:
        PublishError: it could not be sent; the next run tries again.
        StageBusyError: another process is sending.
    """
    lease = ledger.acquire(LEASE, owner, datetime.now(UTC))
    try:
        last = ledger.state(_name(channel))
        if last.get(identity) != news[identity]:
            send(last)
            ledger.set_state(lease, _name(channel), news)
    except (ClientError, BotoCoreError) as error:
        raise PublishError(
            f"The {channel} could not be sent ({_code(error)}): allow the job's role to send it, see "
            "docs/aws-permissions.md. The lake is up to date; the next run sends what was not sent."
        ) from error
    finally:
        ledger.release(lease)


def _name(channel: str) -> str:
    return f"sent {channel}"


def _code(error: Exception) -> str:
    """Return the code of an error of AWS; its text may quote what was sent."""
    return str(error.response["Error"]["Code"]) if isinstance(error, ClientError) else type(error).__name__
