"""Holds calls against policies: what is not allowed, and what no policy may say at all."""

from collections.abc import Iterable

from tests.infra.policies.account import ACCOUNT, Account, Role
from tests.infra.policies.calls import Call
from tests.infra.policies.documents import Document, Request, decide
from tests.infra.policies.needs import UnknownResourceError, needs

TAG_OF_KEY = "aws:resourcetag/"


def refused(calls: Iterable[Call], account: Account, new_keys: bool = False) -> list[str]:
    """Return a sentence for each request of the calls that AWS would refuse.

    Args:
        calls: each is held against the policies of the principal that made it.
        account: the policies.
        new_keys: KMS takes up to five minutes until the tags of a new key count; take them as not there.
    """
    findings: dict[str, None] = {}
    for call in calls:
        try:
            for request in needs(call, account):
                if why := _why_refused(call.principal, request, account, new_keys):
                    findings[
                        f"{call.principal}: {call.operation} needs {request.action} on {request.resource}: {why}"
                    ] = None
        except UnknownResourceError as error:
            findings[f"{call.principal}: {call.operation}: {error}"] = None
    return list(findings)


def _why_refused(principal: str, request: Request, account: Account, new_keys: bool) -> str:
    if new_keys and request.action.startswith("kms:"):
        known = {
            name: value for name, value in request.context.items() if not name.lower().startswith(TAG_OF_KEY)
        }
        request = Request(request.action, request.resource, known)
    role = role_of(principal, account)
    own = decide(role.policies.values(), request)
    if own.denied:
        return "refused by a statement"
    if _by_key(principal, request, account):
        return ""
    if not own.allowed:
        return "no statement allows it"
    if role.boundary and not decide([account.managed[role.boundary]], request).allowed:
        return "not within the permissions boundary"
    return ""


def _by_key(principal: str, request: Request, account: Account) -> bool:
    """Say whether the policy of a key itself allows a request; what it leaves to IAM does not count."""
    key = account.keys.get(request.resource)
    if key is None:
        return False
    direct: Document = {
        "Statement": [one for one in key.policy["Statement"] if not _leaves_it_to_iam(one["Principal"])]
    }
    return decide([direct], request, f"AWS:arn:aws:iam::{ACCOUNT}:role/{principal}").allowed


def _leaves_it_to_iam(principal: object) -> bool:
    return principal == {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}


def role_of(principal: str, account: Account) -> Role:
    """Return a role, or whoever has only the managed policy of a name.

    Raises:
        KeyError: there is neither.
    """
    if principal in account.roles:
        return account.roles[principal]
    arn = f"arn:aws:iam::{ACCOUNT}:policy/{principal}"
    return Role({principal: account.managed[arn]})
