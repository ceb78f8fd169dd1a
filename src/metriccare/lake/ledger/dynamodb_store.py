"""The items of one lake in a DynamoDB table: read consistently, written only under conditions.

Every write is a transaction, so that a lease is checked in the same step (the fence) and a repeated request does
nothing. A write whose condition does not hold is left out, and the others are retried without it.
"""

import logging
import random
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from metriccare.errors import LedgerError
from metriccare.lake.ledger import lease as leases
from metriccare.lake.ledger.dynamodb_items import ITEM, LAKE, STATE, Item, Write
from metriccare.lake.ledger.encoding import pages
from metriccare.lake.ledger.model import Lease
from metriccare.runtime import aws
from metriccare.runtime.aws_errors import explain

BY_STATE = (
    "by_state"  # index of the items that have a state: what waits is found without reading what is done
)
AT_ONCE = 100  # DynamoDB's limit for one transaction and for one BatchGetItem
log = logging.getLogger(__name__)

ATTEMPTS = 10
_UNMET = "ConditionalCheckFailed"
_PASSING = frozenset(("TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"))


def create_table(name: str) -> None:
    """Create the table, for trials and tests; on AWS Terraform creates it.

    Raises:
        LedgerError: it exists already, or DynamoDB can't be reached.
    """
    keys = [{"AttributeName": LAKE, "KeyType": "HASH"}, {"AttributeName": ITEM, "KeyType": "RANGE"}]
    by_state = [keys[0], {"AttributeName": STATE, "KeyType": "RANGE"}]
    index = {"IndexName": BY_STATE, "KeySchema": by_state, "Projection": {"ProjectionType": "ALL"}}
    with _translate_errors(name):
        client = _client()
        client.create_table(
            TableName=name,
            AttributeDefinitions=[
                {"AttributeName": key, "AttributeType": "S"} for key in (LAKE, ITEM, STATE)
            ],
            KeySchema=keys,
            LocalSecondaryIndexes=[index],
            BillingMode="PAY_PER_REQUEST",
        )
        client.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1})


class Store:
    """The partition of one lake. Items are named by their sort key; all methods raise `LedgerError`."""

    def __init__(self, table: str, lake: str) -> None:
        self._table, self._lake = table, lake
        with _translate_errors(table):
            self._client = _client()

    def get(self, item: str) -> Item | None:
        """Return an item; None if there is none."""
        with _translate_errors(self._table):
            answer = self._client.get_item(TableName=self._table, Key=self._key(item), ConsistentRead=True)
        found: Item | None = answer.get("Item")
        return found

    def states(self, names: Sequence[str]) -> dict[str, str]:
        """Return the states of those of the items that exist."""
        found: dict[str, str] = {}
        for page in pages(names, AT_ONCE):
            keys = {"Keys": [self._key(item) for item in page], "ConsistentRead": True}
            wanted: Item = {
                self._table: {**keys, **_expressions({}, ProjectionExpression=f"#{ITEM}, #{STATE}")}
            }
            while wanted:
                with _translate_errors(self._table):
                    answer = self._client.batch_get_item(RequestItems=wanted)
                found.update((item[ITEM], item[STATE]) for item in answer["Responses"][self._table])
                wanted = answer.get("UnprocessedKeys", {})
        return found

    def query(self, prefix: str, *, newest_first: bool = False) -> Iterator[Item]:
        """Yield the items whose sort key begins so, by sort key."""
        where = f"#{LAKE} = :lake AND begins_with(#{ITEM}, :prefix)"
        given = {"lake": self._lake, "prefix": prefix}
        for page in self._answers(where, given, ScanIndexForward=not newest_first):
            yield from page["Items"]

    def in_state(self, state: str) -> Iterator[Item]:
        """Yield the items in a state."""
        for page in self._answers(_IN_STATE, {"lake": self._lake, "state": state}, IndexName=BY_STATE):
            yield from page["Items"]

    def count_in_state(self, state: str) -> int:
        """Return how many items are in a state."""
        given = {"lake": self._lake, "state": state}
        answers = self._answers(_IN_STATE, given, IndexName=BY_STATE, Select="COUNT")
        return sum(answer["Count"] for answer in answers)

    def values_in_state(self, state: str, name: str) -> Iterator[Any]:
        """Yield one attribute of the items in a state; in memory is only a page."""
        given = {"lake": self._lake, "state": state}
        for page in self._answers(_IN_STATE, given, f"#{name}", IndexName=BY_STATE):
            yield from (item[name] for item in page["Items"])

    def write(self, writes: Mapping[str, Write], lease: Lease | None = None) -> list[str]:
        """Do the writes whose condition holds, in transactions of up to 100; return their items.

        Raises:
            LeaseLostError: the lease was taken over; the rest was not written.
        """
        if lease and not writes:
            self._write_page({}, lease)
        portions = pages(list(writes), AT_ONCE - 1)
        return [
            item for page in portions for item in self._write_page({key: writes[key] for key in page}, lease)
        ]

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _key(self, item: str) -> Item:
        return {LAKE: self._lake, ITEM: item}

    def _answers(self, where: str, given: Item, shown: str = "", **options: Any) -> Iterator[Item]:
        """Yield DynamoDB's responses, each of at most 1 MB."""
        asked = {
            "TableName": self._table,
            "ConsistentRead": True,
            **_expressions(given, KeyConditionExpression=where, ProjectionExpression=shown),
        }
        while True:
            with _translate_errors(self._table):
                answer = self._client.query(**asked, **options)
            yield answer
            if "LastEvaluatedKey" not in answer:
                return
            options["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def _write_page(self, writes: Mapping[str, Write], lease: Lease | None) -> list[str]:
        fence = [self._fence(lease)] if lease else []
        left = dict(writes)
        for attempt in range(ATTEMPTS):
            refused = self._refused([*fence, *(self._operation(key, write) for key, write in left.items())])
            if not refused:
                return list(left)
            if lease and refused[0] == _UNMET:
                raise leases.lost(lease)
            reasons = refused[len(fence) :]
            left = {key: left[key] for key, why in zip(left, reasons, strict=True) if why != _UNMET}
            if not left:
                return []
            if _PASSING.intersection(refused):  # another process is writing one of these items
                log.info("retry transaction", extra={"attempt": attempt + 1, "records": len(left)})
                time.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311
        raise LedgerError(
            f"The ledger {self._table} on DynamoDB is too busy: run again later; nothing is lost."
        )

    def _refused(self, operations: list[Item]) -> list[str]:
        """Try a transaction; return a reason for each operation (`None` for one that could be), or nothing."""
        with _translate_errors(self._table):
            try:
                self._client.transact_write_items(TransactItems=operations)
            except ClientError as error:
                reasons = [reason["Code"] for reason in error.response.get("CancellationReasons", ())]
                if not reasons or not _PASSING.union((_UNMET, "None")).issuperset(reasons):
                    raise
                return reasons
        return []

    def _operation(self, item: str, write: Write) -> Item:
        if write.replaces:
            guard = _expressions(write.given, ConditionExpression=write.condition)
            return {"Put": {"TableName": self._table, "Item": {**self._key(item), **write.sets}, **guard}}
        values = {**write.given, **{f"new_{name}": value for name, value in write.sets.items()}}
        change = "SET " + ", ".join(f"#{name} = :new_{name}" for name in write.sets)
        both = _expressions(values, ConditionExpression=write.condition, UpdateExpression=change)
        return {"Update": {"TableName": self._table, "Key": self._key(item), **both}}

    def _fence(self, lease: Lease) -> Item:
        newest = _expressions({"token": lease.token}, ConditionExpression="#token = :token")
        return {
            "ConditionCheck": {"TableName": self._table, "Key": self._key(f"lease#{lease.stage}"), **newest}
        }


_IN_STATE = f"#{LAKE} = :lake AND #{STATE} = :state"


def _expressions(given: Item, **expressions: str) -> Item:
    """Return the expressions that are not empty, with the attributes (#x) and the values (:x) that they name."""
    used = {kind: text for kind, text in expressions.items() if text}
    names = {f"#{name}": name for text in used.values() for name in re.findall(r"#(\w+)", text)}
    values = {f":{name}": value for name, value in given.items()}
    tables = {"ExpressionAttributeNames": names, "ExpressionAttributeValues": values}
    return used | {kind: table for kind, table in tables.items() if table}


@contextmanager
def _translate_errors(table: str) -> Iterator[None]:
    try:
        yield
    except (ClientError, BotoCoreError) as error:
        raise LedgerError(explain(error, f"The ledger {table} on DynamoDB", "dynamodb")) from error


def _client() -> Any:
    """Return the client of a resource: it takes and gives plain values, and threads may share it."""
    patience = Config(connect_timeout=5, read_timeout=20, retries={"mode": "standard", "max_attempts": 4})
    return aws.session().resource("dynamodb", config=patience).meta.client
