"""Services that send to queues and topics: what the policies of queue, topic and key let them do."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.infra.policies.account import ACCOUNT, Account
from tests.infra.policies.documents import Document, Request, decide

SOURCE_ACCOUNT = "aws:SourceAccount"
OTHER = "999999999999"
OF_KEY = ("kms:Decrypt", "kms:GenerateDataKey")


@dataclass(frozen=True)
class Sending:
    """A service, what it sends to, and whether it surely says for whose account; where not, it must work without."""

    service: str
    queue: str = ""
    topic: str = ""
    tells: bool = False


def sendings(environment: str) -> list[Sending]:
    """Return who sends to what.

    "Granting permissions to publish event notification messages to a destination" (S3), "Using condition keys" of
    EventBridge against "Key management" of SNS, and the knowledge centre on alarms with encrypted topics.
    """
    topic = f"metriccare_all_alerts_{environment}"
    return [
        Sending("s3.amazonaws.com", queue=f"metriccare_raw_uploads_{environment}", tells=True),
        Sending("cloudwatch.amazonaws.com", topic=topic, tells=True),
        Sending("events.amazonaws.com", topic=topic),
    ]


def faults(account: Account, environment: str) -> list[str]:
    """Return a sentence for each message that would not arrive, or that another account could send."""
    return [finding for sending in sendings(environment) for finding in _of(sending, account, environment)]


def _of(sending: Sending, account: Account, environment: str) -> Iterator[str]:
    place, document = _destination(sending, account)
    key = next(one for one in account.keys.values() if one.alias == f"alias/metriccare_all_key_{environment}")
    action = "sqs:SendMessage" if sending.queue else "sns:Publish"
    source = (
        {"aws:SourceArn": f"arn:aws:s3:::metriccare-raw-fhir-{environment}-{ACCOUNT}"}
        if sending.queue
        else {}
    )
    ours, theirs = {SOURCE_ACCOUNT: ACCOUNT, **source}, {SOURCE_ACCOUNT: OTHER, **source}
    # No page says that a service names an account when it uses the key, so that both must work.
    cases: list[tuple[Document, str, str, list[dict[str, str]]]] = [
        (document, action, place, [ours] if sending.tells else [ours, source]),
        *((key.policy, name, "*", [ours, source]) for name in OF_KEY),
    ]
    for policy, name, resource, contexts in cases:
        for context in contexts:
            if not _allows(policy, sending.service, Request(name, resource, context)):
                yield f"{sending.service} may not {name} with {context or 'no condition key'}"
        if _allows(policy, sending.service, Request(name, resource, theirs)):
            yield f"{sending.service} may {name} for another account"


def _destination(sending: Sending, account: Account) -> tuple[str, Document]:
    policies = account.queues if sending.queue else account.topics
    return next(
        (arn, one) for arn, one in policies.items() if arn.endswith(f":{sending.queue or sending.topic}")
    )


def _allows(document: Document, service: str, request: Request) -> bool:
    found = decide([document], request, f"Service:{service}")
    return found.allowed and not found.denied
