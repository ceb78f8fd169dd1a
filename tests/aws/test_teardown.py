"""docs/deploy.md, walked to its last block: a prod with data is destroyed, then bootstrap, and nothing is left."""

from pathlib import Path

import boto3
import pytest
from tests.aws.deploy_page import YES, Shell, blocks, project
from tests.infra.account import serving
from tests.infra.terraform import require_provider

KEYS = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}


@pytest.mark.long
def test_prod_and_bootstrap_are_destroyed_as_the_page_says(tmp_path: Path) -> None:
    require_provider()
    with serving() as address:
        shell = Shell(project(tmp_path / "project"), tmp_path, address)
        for block in blocks("Once per account, by an administrator"):
            shell.run(block, answer=YES)
        shell.run(blocks("Or deploy manually")[0].replace("dev", "prod"))
        s3, dynamodb = (
            boto3.client(name, endpoint_url=address, region_name="us-east-1", **KEYS)
            for name in ("s3", "dynamodb")
        )
        names = [one["Name"] for one in s3.list_buckets()["Buckets"]]
        of_prod = [name for name in names if "prod" in name]
        assert of_prod
        for name in of_prod:
            s3.put_object(Bucket=name, Key="part.parquet", Body=b"x")
        assert dynamodb.list_tables()["TableNames"]

        _, prod, bootstrap = blocks("Teardown")
        shell.run(prod, answer=YES)
        assert [one["Name"] for one in s3.list_buckets()["Buckets"]] == [
            name for name in names if name not in of_prod
        ]
        assert dynamodb.list_tables()["TableNames"] == []

        shell.run(bootstrap, answer=YES)
        assert s3.list_buckets()["Buckets"] == []
