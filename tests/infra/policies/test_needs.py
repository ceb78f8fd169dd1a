"""What AWS asks for besides the action itself, and where it refuses: the review's findings, one by one."""

import pytest
from tests.infra.policies.account import ACCOUNT, Account, Key, Role
from tests.infra.policies.calls import Call
from tests.infra.policies.check import refused
from tests.infra.policies.documents import Document
from tests.infra.policies.needs import needs

ROLE, BUCKET = "metriccare_all_apply_dev", "metriccare-all-lake-dev-123456789012"
KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1"
TAGS = {"Project": "metriccare", "Environment": "dev"}
ROOT = {
    "Sid": "Iam",
    "Effect": "Allow",
    "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
    "Action": "kms:*",
    "Resource": "*",
}


def account(
    *statements: Document, boundary: list[Document] | None = None, key: list[Document] | None = None
) -> Account:
    """Return an account in which the role has these statements, and the lake's bucket a key with a policy."""
    limit = f"arn:aws:iam::{ACCOUNT}:policy/boundary"
    return Account(
        roles={ROLE: Role({"own": {"Statement": list(statements)}}, limit if boundary is not None else "")},
        managed={limit: {"Statement": boundary or []}},
        keys={KEY: Key({"Statement": [ROOT, *(key or [])]}, TAGS, "alias/metriccare_all_key_dev")},
        bucket_keys={BUCKET: KEY},
    )


def allow(*actions: str, on: str = "*", **condition: object) -> Document:
    statement: Document = {"Effect": "Allow", "Action": list(actions), "Resource": on}
    return statement | ({"Condition": condition} if condition else {})


def asked(service: str, operation: str, **params: object) -> set[tuple[str, str]]:
    """Return the actions and resources that a call needs."""
    call = Call(ROLE, service, operation, params)
    return {(one.action, one.resource.rpartition(":")[2]) for one in needs(call, account())}


def test_an_operation_needs_the_action_of_its_name_on_what_it_names() -> None:
    assert asked("glue", "GetWorkflowRuns", Name="w") == {("glue:GetWorkflowRuns", "workflow/w")}


def test_a_table_of_the_catalog_needs_all_its_ancestors() -> None:
    found = asked("glue", "GetTable", DatabaseName="d", Name="t")
    assert {resource for _, resource in found} == {"catalog", "database/d", "table/d/t"}


def test_an_action_that_knows_no_resource_needs_a_star() -> None:
    assert asked("sns", "Unsubscribe", SubscriptionArn="arn:aws:sns:us-east-1:1:t:1") == {
        ("sns:Unsubscribe", "*")
    }


def test_a_transaction_needs_the_action_of_each_of_its_parts() -> None:
    parts = [{"Put": {"TableName": "t"}}, {"ConditionCheck": {"TableName": "t"}}]
    found = asked("dynamodb", "TransactWriteItems", TransactItems=parts)
    assert {name for name, _ in found if not name.startswith("kms:")} == {
        "dynamodb:PutItem",
        "dynamodb:ConditionCheckItem",
    }


def test_what_is_created_with_tags_must_be_tagged() -> None:
    found = asked("lambda", "CreateEventSourceMapping", FunctionName="f", Tags={"Project": "metriccare"})
    assert ("lambda:TagResource", "new") in found  # arn:…:event-source-mapping:new
    assert ("iam:TagRole", "role/r") in asked(
        "iam", "CreateRole", RoleName="r", **{"Tags.member.1.Key": "a", "Tags.member.1.Value": "b"}
    )
    assert ("sqs:TagQueue", "q") in asked("sqs", "CreateQueue", QueueName="q", tags={"a": "b"})
    assert not [name for name, _ in asked("sqs", "CreateQueue", QueueName="q") if "Tag" in name]


def test_a_role_that_is_handed_on_must_be_passed() -> None:
    assert ("iam:PassRole", "role/r") in asked(
        "glue", "CreateJob", Name="j", Role=f"arn:aws:iam::{ACCOUNT}:role/r"
    )


def test_an_encrypted_object_needs_its_buckets_key() -> None:
    assert ("kms:Decrypt", "key/1") in asked("s3", "GetObject", Bucket=BUCKET, Key="k")
    assert ("kms:GenerateDataKey", "key/1") in asked("s3", "PutObject", Bucket=BUCKET, Key="k")
    assert not [
        name for name, _ in asked("s3", "GetObject", Bucket="other", Key="k") if name.startswith("kms:")
    ]


def test_a_refused_request_is_told_with_the_reason() -> None:
    call = Call(ROLE, "glue", "GetJob", {"JobName": "j"})
    (finding,) = refused([call], account())
    assert (
        finding
        == f"{ROLE}: GetJob needs glue:GetJob on arn:aws:glue:us-east-1:{ACCOUNT}:job/j: no statement allows it"
    )
    assert refused([call], account(allow("glue:GetJob"))) == []
    (finding,) = refused([call], account(allow("glue:GetJob"), boundary=[allow("glue:GetJobs")]))
    assert "not within the permissions boundary" in finding


@pytest.mark.parametrize(
    ("tags", "findings"), [({"Project": "metriccare"}, 0), ({"Project": "another"}, 1), ({}, 1)]
)
def test_a_condition_on_the_tags_of_a_request(tags: dict[str, str], findings: int) -> None:
    own = allow("kms:CreateKey", "kms:TagResource", StringEquals={"aws:RequestTag/Project": "metriccare"})
    call = Call(
        ROLE, "kms", "CreateKey", {"Tags": [{"TagKey": name, "TagValue": tags[name]} for name in tags]}
    )
    assert len([one for one in refused([call], account(own)) if "kms:CreateKey" in one]) == findings


def test_the_tags_of_a_new_key_do_not_count_yet() -> None:
    call = Call(ROLE, "kms", "EnableKeyRotation", {"KeyId": KEY})
    by_tags = allow("kms:EnableKeyRotation", StringEquals={"aws:ResourceTag/Project": "metriccare"})
    assert refused([call], account(by_tags)) == []
    assert len(refused([call], account(by_tags), new_keys=True)) == 1
    named = allow(
        "kms:EnableKeyRotation", ArnEquals={"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/{ROLE}"}
    )
    own = account(by_tags, key=[named | {"Principal": {"AWS": "*"}}])
    assert refused([call], own, new_keys=True) == []


def test_what_the_key_leaves_to_iam_allows_nothing_by_itself() -> None:
    assert len(refused([Call(ROLE, "kms", "EnableKeyRotation", {"KeyId": KEY})], account())) == 1


def test_a_call_whose_resource_cannot_be_told_is_a_finding() -> None:
    (finding,) = refused([Call(ROLE, "glue", "GetCrawler", {"Name": "c"})], account(allow("glue:*")))
    assert "['crawler']" in finding
