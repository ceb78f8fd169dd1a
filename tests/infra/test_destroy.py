"""A destroy that is refused is refused before the first deletion: raw and lake keep all their settings."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.infra.account import Account, empty, serving, stack, text
from tests.infra.emulated import STATE_BUCKET
from tests.infra.terraform import Terraform, require_provider

HEARD = {"TF_VAR_alert_emails": '["quality@hospital.example"]'}
ACCOUNT = "123456789012"
RAW, LAKE = f"metriccare-raw-fhir-prod-{ACCOUNT}", f"metriccare-all-lake-prod-{ACCOUNT}"
REFUSED = "Resource terraform_data.protection[0] has lifecycle.prevent_destroy set"
SETTINGS = (
    *(
        "bucket_encryption",
        "bucket_lifecycle_configuration",
        "bucket_logging",
        "bucket_notification_configuration",
    ),
    *(
        "bucket_ownership_controls",
        "bucket_policy",
        "bucket_tagging",
        "bucket_versioning",
        "public_access_block",
    ),
)


def settings(account: Account, bucket: str) -> dict[str, Any]:
    """Return all that is set on a bucket; where nothing is, the code of S3's answer."""
    s3 = account.client("s3")
    found: dict[str, Any] = {}
    for name in SETTINGS:
        try:
            found[name] = getattr(s3, f"get_{name}")(Bucket=bucket)
        except s3.exceptions.ClientError as error:
            found[name] = error.response["Error"]["Code"]
        else:
            found[name].pop("ResponseMetadata")
    return found


def protect(prod: Terraform, folder: Path) -> None:
    """Add to the state what the apply of a whole prod has last: its protection, which depends on all that is there."""
    state = json.loads(prod("state", "pull"))
    names = [
        ".".join(filter(None, (one.get("module"), one["type"], one["name"])))
        for one in state["resources"]
        if one["mode"] == "managed"
    ]
    none = dict.fromkeys(("input", "output", "triggers_replace"))
    instance = {"index_key": 0, "schema_version": 0, "attributes": {"id": "1", **none}, "dependencies": names}
    provider = 'provider["terraform.io/builtin/terraform"]'
    address = {"mode": "managed", "type": "terraform_data", "name": "protection", "provider": provider}
    state["resources"].append({**address, "instances": [instance]})
    state["serial"] += 1
    (folder / "state.json").write_text(json.dumps(state))
    prod("state", "push", str(folder / "state.json"))


@pytest.mark.long
def test_prod_keeps_its_settings_when_its_destroy_is_refused(tmp_path: Path) -> None:
    """For the lake, in less time than all of prod takes."""
    require_provider()
    with serving() as address:
        account = empty(address, tmp_path)
        s3 = account.client("s3")
        s3.create_bucket(Bucket=STATE_BUCKET)
        prod = stack(account, "prod", **HEARD)
        prod("apply", "-auto-approve", "-target=module.lake")
        protect(prod, tmp_path)
        s3.put_object(Bucket=LAKE, Key="gold/part.parquet", Body=b"x")
        before = settings(account, LAKE)
        assert REFUSED in text(prod.run("destroy", "-auto-approve"))
        assert REFUSED in text(
            prod.run("destroy", "-auto-approve", "-target=module.lake.aws_s3_bucket_policy.this")
        )
        assert settings(account, LAKE) == before
    assert before["public_access_block"]["PublicAccessBlockConfiguration"]["BlockPublicPolicy"] is True
    assert "aws:SecureTransport" in before["bucket_policy"]["Policy"]
    assert before["bucket_versioning"]["Status"] == "Enabled"


@pytest.mark.long
def test_all_of_prod_is_destroyed_only_once_its_protection_is_lifted(tmp_path: Path) -> None:
    require_provider()
    with serving() as address:
        account = empty(address, tmp_path, lifecycle=True)
        s3 = account.client("s3")
        s3.create_bucket(Bucket=STATE_BUCKET)
        prod = stack(account, "prod", **HEARD)
        prod("apply", "-auto-approve")
        s3.put_object(Bucket=RAW, Key="fhir_data/json/a.ndjson", Body=b"{}")
        s3.put_object(Bucket=LAKE, Key="gold/part.parquet", Body=b"x")
        before = [settings(account, bucket) for bucket in (RAW, LAKE)]
        for target in ((), ("-target=module.raw",), ("-target=module.lake.aws_s3_bucket_policy.this",)):
            assert REFUSED in text(prod.run("destroy", "-auto-approve", *target))
        unprotected = stack(account, "prod", **HEARD, TF_VAR_deletion_protection="false")
        assert REFUSED in text(unprotected.run("apply", "-auto-approve"))
        assert [settings(account, bucket) for bucket in (RAW, LAKE)] == before
        assert prod.run("plan", "-detailed-exitcode").returncode == 0

        prod("state", "rm", "terraform_data.protection[0]")
        unprotected("apply", "-auto-approve")
        prod("destroy", "-auto-approve")
        left = [one["Name"] for one in s3.list_buckets()["Buckets"]]
        assert [name for name in left if "prod" in name] == []
        assert account.client("dynamodb").list_tables()["TableNames"] == []
