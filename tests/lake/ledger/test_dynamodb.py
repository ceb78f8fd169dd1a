"""What can go wrong with the table on DynamoDB: it is not there, of a newer version, or another process writes too."""

from pathlib import Path
from typing import Any

import boto3
import pytest

from metriccare.errors import LedgerError
from metriccare.lake.ledger import dynamodb_store, open_ledger
from metriccare.lake.ledger.dynamodb_store import Store, Write, create_table
from metriccare.runtime import aws
from metriccare.settings import Lake


def test_a_missing_table_is_reported(table: str, tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match=r"none on DynamoDB can't be used: there is no such table in"):
        open_ledger(Lake(str(tmp_path)), f"dynamodb://{table}-none")


def test_missing_credentials_are_reported(
    table: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aws.session.cache_clear()  # it remembers those of other tests
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    with pytest.raises(LedgerError, match=r"no AWS credentials were found\. Set AWS_PROFILE"):
        open_ledger(Lake(str(tmp_path)), f"dynamodb://{table}")


def test_a_table_is_not_made_twice(table: str) -> None:
    with pytest.raises(LedgerError, match="ResourceInUse"):
        create_table(table)


def test_a_ledger_of_a_newer_version_is_refused(table: str, tmp_path: Path) -> None:
    boto3.resource("dynamodb").Table(table).put_item(
        Item={"lake": str(tmp_path), "item": "format", "number": 99}
    )
    with pytest.raises(
        LedgerError, match=r"written by a newer MetricCare \(format 99, this version reads 1\): install"
    ):
        open_ledger(Lake(str(tmp_path)), f"dynamodb://{table}")


def test_writes_whose_condition_fails_keep_no_other_back(table: str, tmp_path: Path) -> None:
    store = Store(table, str(tmp_path))
    is_new = "attribute_not_exists(#item)"
    assert store.write({"b": Write({"number": 1}, is_new)}) == ["b"]
    made = store.write({item: Write({"number": 2}, is_new, replaces=True) for item in "abc"})
    assert made == ["a", "c"]
    assert [store.get(item)["number"] for item in "abc"] == [2, 1, 2]  # type: ignore[index]
    store.close()


class Busy:
    """The client of DynamoDB, refusing transactions as it does while another one writes the same items."""

    def __init__(self, client: Any, times: int) -> None:
        self._client, self.times = client, times

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def transact_write_items(self, **request: Any) -> Any:
        self.times -= 1
        if self.times < 0:
            return self._client.transact_write_items(**request)
        reasons = [{"Code": "TransactionConflict"} for _ in request["TransactItems"]]
        answer = {"Error": {"Code": "TransactionCanceledException"}, "CancellationReasons": reasons}
        raise self._client.exceptions.TransactionCanceledException(answer, "TransactWriteItems")


@pytest.mark.parametrize("times", [1, 3])
def test_a_write_waits_for_the_one_of_another_process(
    table: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    client = dynamodb_store._client()
    monkeypatch.setattr(dynamodb_store, "_client", lambda: Busy(client, times))
    store = Store(table, str(tmp_path))
    assert store.write({"a": Write({"number": 1})}) == ["a"]
    assert store.get("a") is not None


def test_a_table_that_stays_busy_is_reported(
    table: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = dynamodb_store._client()
    monkeypatch.setattr(dynamodb_store, "_client", lambda: Busy(client, 100))
    monkeypatch.setattr(dynamodb_store, "ATTEMPTS", 3)
    with pytest.raises(LedgerError, match="too busy: run again later"):
        Store(table, str(tmp_path)).write({"a": Write({"number": 1})})
