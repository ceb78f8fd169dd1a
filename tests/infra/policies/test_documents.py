"""Statements, wildcards and conditions, as IAM evaluates them."""

import pytest
from tests.infra.policies.documents import Document, Request, UnknownOperatorError, decide, holds


def policy(**statement: object) -> list[Document]:
    own = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::lake/gold/*"}
    return [{"Statement": [own | statement]}]


def test_an_action_is_allowed_on_what_its_pattern_covers_in_any_case() -> None:
    assert decide(policy(), Request("s3:getobject", "arn:aws:s3:::lake/gold/a/b")).allowed
    assert not decide(policy(), Request("s3:GetObject", "arn:aws:s3:::lake/bronze/a")).allowed
    assert not decide(policy(), Request("s3:PutObject", "arn:aws:s3:::lake/gold/a")).allowed


def test_a_refusal_is_seen_beside_an_allowance() -> None:
    both = policy() + policy(Effect="Deny", Action="s3:*")
    found = decide(both, Request("s3:GetObject", "arn:aws:s3:::lake/gold/a"))
    assert (found.allowed, found.denied) == (True, True)


@pytest.mark.parametrize(
    ("condition", "context", "expected"),
    [
        (
            {"StringEquals": {"aws:RequestTag/Project": "metriccare"}},
            {"aws:RequestTag/Project": "metriccare"},
            True,
        ),
        (
            {"StringEquals": {"AWS:requesttag/project": "metriccare"}},
            {"aws:RequestTag/Project": "metriccare"},
            True,
        ),
        (
            {"StringEquals": {"aws:RequestTag/Project": "metriccare"}},
            {"aws:RequestTag/Project": "Metriccare"},
            False,
        ),
        ({"StringEquals": {"aws:RequestTag/Project": "metriccare"}}, {}, False),
        ({"StringEqualsIfExists": {"aws:SourceAccount": "1"}}, {}, True),
        ({"StringEqualsIfExists": {"aws:SourceAccount": "1"}}, {"aws:SourceAccount": "2"}, False),
        ({"StringLike": {"s3:prefix": ["gold", "gold/*"]}}, {"s3:prefix": "gold/x"}, True),
        ({"StringLike": {"s3:prefix": ["gold", "gold/*"]}}, {"s3:prefix": "golden"}, False),
        ({"StringEquals": {"a": "1", "b": "2"}}, {"a": "1"}, False),  # all keys must hold
        ({"StringEquals": {"a": "1"}, "Bool": {"b": "true"}}, {"a": "1", "b": "True"}, True),
        ({"Null": {"a": "true"}}, {}, True),
        ({"Null": {"a": "false"}}, {}, False),
    ],
)
def test_a_condition_holds(condition: Document, context: dict[str, str], expected: bool) -> None:
    assert holds(condition, context) is expected


def test_an_operator_that_is_not_known_is_no_silent_yes() -> None:
    with pytest.raises(UnknownOperatorError):
        holds({"NumericLessThan": {"s3:max-keys": "10"}}, {"s3:max-keys": "5"})


def test_a_policy_of_a_resource_is_for_its_principals_only() -> None:
    document = policy(Principal={"Service": ["s3.amazonaws.com"]}, Resource="*")
    request = Request("s3:GetObject", "anything")
    assert decide(document, request, "Service:s3.amazonaws.com").allowed
    assert not decide(document, request, "Service:events.amazonaws.com").allowed
    assert not decide(document, request, "AWS:arn:aws:iam::1:role/r").allowed
