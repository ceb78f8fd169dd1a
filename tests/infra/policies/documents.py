"""Policies as IAM evaluates them, as far as this repository's policies go: statements, wildcards, conditions."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

Context = Mapping[str, str]
Document = dict[str, Any]


@dataclass(frozen=True)
class Request:
    """What IAM is asked: may this action be done on this resource, with these condition keys?"""

    action: str
    resource: str
    context: Context = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Decision:
    """What a set of policies says about a request."""

    allowed: bool = False
    denied: bool = False


class UnknownOperatorError(Exception):
    """A policy uses a condition operator that this module does not know."""


def decide(documents: Iterable[Document], request: Request, principal: str = "") -> Decision:
    """Evaluate policies of one kind together: a refusal beats everything.

    Args:
        documents: identity policies, a boundary, or one resource's policy.
        request: what is asked.
        principal: for a resource's policy, who asks: `Service:s3.amazonaws.com` or `AWS:` and an ARN.
    """
    effects = {
        one["Effect"]
        for document in documents
        for one in listed(document["Statement"])
        if applies(one, request) and (not principal or _is_meant(one, principal))
    }
    return Decision(allowed="Allow" in effects, denied="Deny" in effects)


def applies(statement: Document, request: Request) -> bool:
    """Say whether a statement speaks of a request."""
    return (
        _covers(tuple(listed(statement["Action"])), request.action)
        and any(matches(one, request.resource) for one in listed(statement.get("Resource", "*")))
        and holds(statement.get("Condition", {}), request.context)
    )


def holds(condition: Document, context: Context) -> bool:
    """Say whether all keys of a condition hold; keys are compared without case, as IAM does."""
    known = {key.lower(): value for key, value in context.items()}
    return all(
        _holds(operator, known.get(key.lower()), [str(one) for one in listed(wanted)])
        for operator, keys in condition.items()
        for key, wanted in keys.items()
    )


def matches(pattern: str, text: str) -> bool:
    """Say whether a text is of a pattern with `*` and `?`."""
    return _compiled(pattern).fullmatch(text) is not None


def listed(value: Any) -> list[Any]:
    """Return a list, where a policy may have one value or several."""
    return value if isinstance(value, list) else [value]


@cache
def _covers(patterns: tuple[str, ...], action: str) -> bool:
    return any(matches(one.lower(), action.lower()) for one in patterns)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), re.DOTALL)


def _equals(wanted: str, value: str) -> bool:
    return wanted == value


def _equals_without_case(wanted: str, value: str) -> bool:
    return wanted.lower() == value.lower()


OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "StringEquals": _equals,
    "StringLike": matches,
    "ArnLike": matches,
    "ArnEquals": matches,  # the same as ArnLike
    "Bool": _equals_without_case,
}


def _holds(operator: str, value: str | None, wanted: list[str]) -> bool:
    if operator == "Null":
        return (value is None) == (wanted == ["true"])
    name, if_exists, rest = operator.partition("IfExists")
    if name not in OPERATORS or rest:
        raise UnknownOperatorError(operator)
    if value is None:
        return bool(if_exists)
    return any(OPERATORS[name](one, value) for one in wanted)


def _is_meant(statement: Document, principal: str) -> bool:
    kind, _, name = principal.partition(":")
    meant = statement["Principal"]
    if meant == "*":
        return True
    names = listed(meant.get(kind, []))
    return name in names or (kind == "AWS" and "*" in names)
