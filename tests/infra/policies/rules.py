"""What no policy may say, whoever it is for: held against AWS's service authorization reference."""

import json
from collections.abc import Iterator, Mapping

from tests.infra.policies.account import Account
from tests.infra.policies.authorization import action, overlap
from tests.infra.policies.documents import Document, listed

# IAM counts characters without white space: of a managed policy, and of all inline policies of a role together.
LIMIT_OF_MANAGED, LIMIT_OF_INLINE = 6144, 10_240


def broken(policies: Mapping[str, Document]) -> list[str]:
    """Return a sentence for each statement that AWS would take and that would not do what it says."""
    return [
        f"{policy}, {statement.get('Sid', 'a statement')}: {finding}"
        for policy, document in policies.items()
        for statement in document["Statement"]
        for name in listed(statement["Action"])
        for finding in _of_action(name, listed(statement["Resource"]))
    ]


def _of_action(name: str, patterns: list[str]) -> Iterator[str]:
    known = action(name)
    if known is None:
        yield f"AWS has no action {name}"
        return
    if "*" in patterns:
        return
    if not known.resources:
        yield f"{name} knows no resource and needs *, but has {patterns}"
        return
    reached = {
        kind for kind, form in known.resources.items() if any(overlap(pattern, form) for pattern in patterns)
    }
    # Types that a statement of the same policy may add are for the calls to find; with none the statement is void.
    if not reached:
        yield f"{name} knows {sorted(known.resources)}, and none of {patterns} is one"


def unused_resources(policies: Mapping[str, Document]) -> list[str]:
    """Return a sentence for each resource of a statement that none of its actions knows."""
    return [
        f"{policy}, {statement.get('Sid', 'a statement')}: no action there is on {pattern}"
        for policy, document in policies.items()
        for statement in document["Statement"]
        for pattern in listed(statement["Resource"])
        if pattern != "*" and not any(_knows(name, pattern) for name in listed(statement["Action"]))
    ]


def _knows(name: str, pattern: str) -> bool:
    known = action(name)
    return known is not None and any(overlap(pattern, form) for form in known.resources.values())


def oversized(account: Account) -> list[str]:
    """Return a sentence for each policy that is longer than IAM takes."""
    managed = {arn.rpartition("/")[2]: _size(document) for arn, document in account.managed.items()}
    inline = {
        name: sum(_size(document) for own, document in role.policies.items() if own not in managed)
        for name, role in account.roles.items()
    }
    return [
        f"{name} has {size} characters, at most {limit} are allowed"
        for sizes, limit in ((managed, LIMIT_OF_MANAGED), (inline, LIMIT_OF_INLINE))
        for name, size in sizes.items()
        if size > limit
    ]


def _size(document: Document) -> int:
    return len(json.dumps(document, separators=(",", ":")))
