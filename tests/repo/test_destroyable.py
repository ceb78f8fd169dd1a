"""The destroy job looks first, and says what is in the way before anything is deleted."""

import io
import json
import uuid
from typing import Any

import boto3
import pytest
from tools import destroyable

KINDS = ("raw", "lake", "scripts", "query_results", "access_logs")


@pytest.fixture
def outputs(aws: str) -> dict[str, Any]:
    """Return Terraform's outputs of an environment of its own, with an unprotected ledger and empty buckets."""
    own = uuid.uuid4().hex[:12]
    buckets = {kind: f"{kind.replace('_', '-')}-{own}" for kind in KINDS}
    for name in buckets.values():
        boto3.client("s3").create_bucket(Bucket=name)
        boto3.client("s3").put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    boto3.client("dynamodb").create_table(
        TableName=f"ledger-{own}",
        KeySchema=[{"AttributeName": "lake", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "lake", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return {"ledger_table": f"ledger-{own}", "buckets": buckets, "environment": "prod"}


def look(outputs: dict[str, Any], environment: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return what the job is told; empty if it may go on."""
    written = json.dumps({name: {"value": value} for name, value in outputs.items()})
    monkeypatch.setattr("sys.stdin", io.StringIO(written))
    try:
        destroyable.main(environment)
    except SystemExit as ended:
        return str(ended.code)
    return ""


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_an_unprotected_environment_without_data_can_be_destroyed(
    outputs: dict[str, Any], environment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    boto3.client("s3").put_object(Bucket=outputs["buckets"]["scripts"], Key="code/a", Body=b"x")
    assert look(outputs, environment, monkeypatch) == ""


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_a_protected_ledger_is_in_the_way(
    outputs: dict[str, Any], environment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    boto3.client("dynamodb").update_table(TableName=outputs["ledger_table"], DeletionProtectionEnabled=True)
    said = look(outputs, environment, monkeypatch)
    assert said.startswith(f"The ledger {outputs['ledger_table']} is protected from deletion.")
    assert said.endswith("Nothing was destroyed. docs/deploy.md says under Teardown what to do first.")


@pytest.mark.parametrize("kind", ["raw", "lake", "query_results", "access_logs"])
def test_data_is_in_the_way_in_prod_even_as_an_old_version(
    outputs: dict[str, Any], kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The workflow's role may empty the buckets of dev only."""
    s3 = boto3.client("s3")
    s3.put_object(Bucket=outputs["buckets"][kind], Key="a", Body=b"x")
    s3.delete_object(Bucket=outputs["buckets"][kind], Key="a")
    said = look(outputs, "prod", monkeypatch)
    assert said.startswith(f"The bucket {outputs['buckets'][kind]} holds objects or old versions of them.")
    assert look(outputs, "dev", monkeypatch) == ""


def test_what_was_never_deployed_or_is_half_gone_is_not_in_the_way(
    outputs: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert look({}, "prod", monkeypatch) == ""
    gone = {"ledger_table": "no-such-ledger", "buckets": {"raw": "no-such-bucket"}}
    assert look(gone, "prod", monkeypatch) == ""
