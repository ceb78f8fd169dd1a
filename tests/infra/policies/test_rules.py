"""Statements that AWS would take and that do nothing, as findings A4 and its like had them."""

import pytest
from tests.infra.policies.authorization import action, overlap
from tests.infra.policies.documents import Document
from tests.infra.policies.rules import broken, unused_resources

TOPIC = "arn:aws:sns:us-east-1:123456789012:metriccare_*_dev"
BUCKET = "arn:aws:s3:::metriccare-*-dev-123456789012"


def policies(action_name: str, *resources: str) -> dict[str, Document]:
    return {
        "p": {
            "Statement": [
                {"Sid": "S", "Effect": "Allow", "Action": [action_name], "Resource": list(resources)}
            ]
        }
    }


@pytest.mark.parametrize(
    ("name", "resource"),
    [
        ("sns:Publish", TOPIC),
        ("sns:Unsubscribe", "*"),
        ("s3:GetObject", f"{BUCKET}/gold/*"),
        ("s3:ListBucket", BUCKET),
        ("glue:GetTable", "arn:aws:glue:us-east-1:123456789012:table/metriccare_*_dev/*"),
        ("logs:PutLogEvents", "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/f:log-stream:*"),
    ],
)
def test_a_statement_of_the_right_form_passes(name: str, resource: str) -> None:
    assert broken(policies(name, resource)) == []


@pytest.mark.parametrize(
    ("name", "resource", "said"),
    [
        ("sns:Unsubscribe", TOPIC, "knows no resource and needs *"),
        ("sns:GetSubscriptionAttributes", TOPIC, "knows no resource and needs *"),
        ("chatbot:ListTagsForResource", "arn:aws:chatbot::1:chat-configuration/slack-channel/x", "needs *"),
        ("sns:Publisch", TOPIC, "AWS has no action"),
        ("s3:GetObject", BUCKET, "none of"),  # objects are below the bucket
        ("s3:PutBucketPolicy", f"{BUCKET}/*", "none of"),
        ("glue:GetJob", "arn:aws:glue:us-east-1:123456789012:trigger/metriccare_*_dev", "none of"),
        ("lambda:TagResource", "arn:aws:sqs:us-east-1:123456789012:q", "none of"),
    ],
)
def test_a_statement_that_does_nothing_is_found(name: str, resource: str, said: str) -> None:
    (finding,) = broken(policies(name, resource))
    assert said in finding


def test_a_resource_that_no_action_of_its_statement_knows_is_found() -> None:
    (finding,) = unused_resources(policies("sns:Publish", TOPIC, BUCKET))
    assert BUCKET in finding
    assert unused_resources(policies("sns:Publish", TOPIC)) == []


def test_the_reference_knows_which_resources_an_action_needs() -> None:
    known = action("glue:gettable")
    assert known is not None
    assert known.name == "glue:GetTable"
    assert known.required == {"rootcatalog", "database", "table"}
    assert action("glue:GetNothing") is None
    assert action("nosuchservice:Get") is None


def test_patterns_overlap_with_forms_of_their_own_service_only() -> None:
    job = "arn:${Partition}:glue:${Region}:${Account}:job/${JobName}"
    assert overlap("arn:aws:glue:us-east-1:1:job/x", job)
    assert overlap("arn:aws:glue:us-east-1:1:*", job)
    assert not overlap("arn:aws:glue:us-east-1:1:jobs/x", job)
    assert not overlap("arn:aws:sqs:us-east-1:1:job/x", job)
