"""Policies as the review of the stack found them: each takes away, or narrows, what a fix has added."""

import copy
from collections.abc import Callable
from dataclasses import dataclass

from tests.infra.policies.account import Account
from tests.infra.policies.documents import Document

BY_NAME = "DeployersNeedNoTags"
Mutate = Callable[[Account], Account]


@dataclass(frozen=True)
class Mutant:
    """A fault, by its letter in the review or by what shows it; `said` is in a finding about it."""

    letter: str
    principal: str
    said: str
    mutate: Mutate


def without(sid: str, of: str) -> Mutate:
    """Return a mutation that removes a statement."""
    return lambda account: account.without(sid, of)


def without_action(action: str, of: str) -> Mutate:
    """Return a mutation that removes an action."""
    return lambda account: account.without_action(action, of)


def narrowed(sid: str, resource: str, of: str) -> Mutate:
    """Return a mutation that gives a statement another resource."""

    def change(one: Document) -> Document:
        return one | ({"Resource": [resource]} if one.get("Sid") == sid else {})

    return lambda account: account.changed(of, change)


def unnamed(account: Account) -> Account:
    """Return the account with keys that name no role."""
    changed = copy.deepcopy(account)
    for key in changed.keys.values():
        key.policy["Statement"] = [one for one in key.policy["Statement"] if one["Sid"] != BY_NAME]
    return changed


TOPIC = "arn:aws:sns:us-east-1:123456789012:metriccare_*_dev"
READ, CHANGE, LIMIT = "metriccare_all_read_dev", "metriccare_all_change_dev", "metriccare_all_boundary_dev"
APPLY, PLAN = "metriccare_all_apply_dev", "metriccare_all_plan_dev"
READERS, SILVER, BRONZE = (
    "metriccare_gold_readers_dev",
    "metriccare_silver_job_dev",
    "metriccare_bronze_job_dev",
)

LAKE = "arn:aws:s3:::metriccare-all-lake-dev-123456789012"
STATE = "metriccare/terraform.tfstate"
OF_DEV = f"arn:aws:s3:::metriccare-all-state-123456789012/env:/dev/{STATE}"

MUTANTS = [
    Mutant("init", PLAN, f"123456789012/{STATE}", narrowed("ReadState", OF_DEV, PLAN)),
    Mutant("HEAD", BRONZE, f"{LAKE}/bronze:", narrowed("WriteTables", f"{LAKE}/bronze/*", BRONZE)),
    Mutant("A1", APPLY, "glue:GetWorkflowRuns", without_action("glue:GetWorkflowRuns", READ)),
    Mutant("A3", APPLY, "lambda:TagResource", without("TagMapping", CHANGE)),
    Mutant(
        "A4",
        PLAN,
        "sns:GetSubscriptionAttributes on *",
        narrowed("ReadWithoutResource", TOPIC, READ),
    ),
    Mutant("A4", APPLY, "sns:Unsubscribe on *", narrowed("ChangeWithoutResource", TOPIC, CHANGE)),
    Mutant("A4", PLAN, "chatbot:ListTagsForResource", without_action("chatbot:ListTagsForResource", READ)),
    Mutant("A5", APPLY, "kms:EnableKeyRotation", unnamed),
    Mutant("B3", BRONZE, "glue:GetDatabase", without("FindDatabases", BRONZE)),
    Mutant("B5", SILVER, "class.csv", narrowed("ReadConfiguration", f"{LAKE}/metriccare.toml", SILVER)),
    Mutant(
        "B8", READERS, "athena:GetQueryResultsStream", without_action("athena:GetQueryResultsStream", READERS)
    ),
    Mutant("B8", READERS, "database/default", without("FindDefault", READERS)),
    Mutant("B8", READERS, "not within the permissions boundary", without("ListWithoutResource", LIMIT)),
    Mutant("D5", BRONZE, "kms:Decrypt", without("DecryptRaw", BRONZE)),
]
