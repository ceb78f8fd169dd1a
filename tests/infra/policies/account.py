"""What an account's policies say, as they lie there: roles with their boundary, keys, encryption of buckets.

Read from the emulator after Terraform has applied bootstrap and the stack, so that every name and ARN is filled in.
"""

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import boto3
from tests.infra.policies.documents import Document

ACCOUNT, REGION = "123456789012", "us-east-1"


@dataclass
class Role:
    """A role, or another principal with its own policies.

    Attributes:
        policies: by name; those of the role itself have the name of the role before theirs.
        boundary: the permissions boundary's ARN; empty if it has none.
        trusted: the services that assume it.
    """

    policies: dict[str, Document]
    boundary: str = ""
    trusted: tuple[str, ...] = ()


@dataclass
class Key:
    """A KMS key: its policy, and its tags."""

    policy: Document
    tags: dict[str, str]
    alias: str = ""


@dataclass
class Account:
    """All that decides about a request."""

    roles: dict[str, Role] = field(default_factory=dict)
    managed: dict[str, Document] = field(default_factory=dict)  # by ARN
    keys: dict[str, Key] = field(default_factory=dict)  # by ARN
    bucket_keys: dict[str, str] = field(default_factory=dict)  # the ARN of a bucket's default key
    queues: dict[str, Document] = field(default_factory=dict)  # policies by ARN
    topics: dict[str, Document] = field(default_factory=dict)  # policies by ARN
    mappings: dict[str, str] = field(default_factory=dict)  # of event sources to functions, by UUID

    def policies(self) -> dict[str, Document]:
        """Return every policy by its name; those that only a role has, by the role's name and theirs."""
        managed = {arn.rpartition("/")[2]: document for arn, document in self.managed.items()}
        inline = {
            f"{name}/{policy}": document
            for name, role in self.roles.items()
            for policy, document in role.policies.items()
            if policy not in managed
        }
        return managed | inline

    def key_behind(self, arn: str) -> str:
        """Return the ARN of the key behind an alias; of one that is AWS's own, an ARN that is no key's of ours."""
        head, alias, name = arn.partition(":key/alias/")
        if not alias:
            return arn
        found = (key for key, one in self.keys.items() if one.alias == f"alias/{name}")
        return next(found, f"{head}:key/of-aws")

    def tags_of(self, arn: str) -> dict[str, str]:
        """Return the tags of a key as condition keys; no condition here is on the tags of anything else."""
        tags = self.keys[arn].tags if arn in self.keys else {}
        return {f"aws:ResourceTag/{name}": value for name, value in tags.items()}

    def without(self, sid: str, of: str) -> "Account":
        """Return a copy in which a role, or a managed policy, lacks the statement with a name."""
        return self.changed(of, lambda one: None if one.get("Sid") == sid else one)

    def without_action(self, action: str, of: str) -> "Account":
        """Return a copy in which a role lacks an action."""

        def change(one: Document) -> Document | None:
            left = [name for name in one["Action"] if name != action]
            return {**one, "Action": left} if left else None

        return self.changed(of, change)

    def changed(self, of: str, change: Callable[[Document], Document | None]) -> "Account":
        """Return a copy in which each statement of a role, or of the managed policy of that name, is changed.

        Raises:
            AssertionError: nothing was changed, so that a test on it would show nothing.
        """
        changed = copy.deepcopy(self)
        documents = [
            *(changed.roles[of].policies.values() if of in changed.roles else ()),
            *(document for arn, document in changed.managed.items() if arn.endswith(f":policy/{of}")),
        ]
        before = copy.deepcopy(documents)
        for document in documents:
            made = [change(one) for one in document["Statement"]]
            document["Statement"] = [one for one in made if one is not None]
        assert documents != before, f"{of} has nothing of that kind"
        return changed


def read() -> Account:
    """Read the account that boto3's environment leads to."""
    account = Account()
    _read_iam(account)
    _read_keys(account)
    _read_buckets(account)
    _read_senders(account)
    return account


def _read_iam(account: Account) -> None:
    iam = boto3.client("iam")
    for policy in _pages(iam, "list_policies", "Policies", Scope="Local"):
        arn = policy["Arn"]
        version = iam.get_policy_version(PolicyArn=arn, VersionId=policy["DefaultVersionId"])
        account.managed[arn] = version["PolicyVersion"]["Document"]
    for name in (one["RoleName"] for one in _pages(iam, "list_roles", "Roles")):
        role = iam.get_role(RoleName=name)["Role"]
        inline = iam.list_role_policies(RoleName=name)["PolicyNames"]
        attached = iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]
        account.roles[name] = Role(
            policies={
                one: iam.get_role_policy(RoleName=name, PolicyName=one)["PolicyDocument"] for one in inline
            }
            | {one["PolicyName"]: account.managed[one["PolicyArn"]] for one in attached},
            boundary=role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn", ""),
            trusted=_trusted(role["AssumeRolePolicyDocument"]),
        )


def _trusted(document: Document) -> tuple[str, ...]:
    services = (one["Principal"].get("Service") for one in document["Statement"])
    return tuple(one for one in services if one)


def _read_keys(account: Account) -> None:
    kms = boto3.client("kms")
    aliases = {
        one["TargetKeyId"]: one["AliasName"] for one in kms.list_aliases()["Aliases"] if "TargetKeyId" in one
    }
    for key in _pages(kms, "list_keys", "Keys"):
        policy = kms.get_key_policy(KeyId=key["KeyId"], PolicyName="default")["Policy"]
        tags = kms.list_resource_tags(KeyId=key["KeyId"])["Tags"]
        account.keys[key["KeyArn"]] = Key(
            json.loads(policy),
            {one["TagKey"]: one["TagValue"] for one in tags},
            aliases.get(key["KeyId"], ""),
        )


def _read_buckets(account: Account) -> None:
    s3 = boto3.client("s3")
    for name in (one["Name"] for one in s3.list_buckets()["Buckets"]):
        try:
            found = s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]
        except s3.exceptions.ClientError:
            continue
        default = found["Rules"][0]["ApplyServerSideEncryptionByDefault"]
        if "KMSMasterKeyID" in default:
            account.bucket_keys[name] = default["KMSMasterKeyID"]


def _read_senders(account: Account) -> None:
    sqs, sns, functions = boto3.client("sqs"), boto3.client("sns"), boto3.client("lambda")
    for url in sqs.list_queues().get("QueueUrls", []):
        found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn", "Policy"])["Attributes"]
        if "Policy" in found:
            account.queues[found["QueueArn"]] = json.loads(found["Policy"])
    for arn in (one["TopicArn"] for one in sns.list_topics()["Topics"]):
        account.topics[arn] = json.loads(sns.get_topic_attributes(TopicArn=arn)["Attributes"]["Policy"])
    for one in functions.list_event_source_mappings()["EventSourceMappings"]:
        account.mappings[one["UUID"]] = one["FunctionArn"]


def _pages(client: Any, operation: str, key: str, **options: str) -> list[Any]:
    return [one for page in client.get_paginator(operation).paginate(**options) for one in page[key]]
