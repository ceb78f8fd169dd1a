"""Commands of the AWS CLI in the repository's files, as calls."""

from pathlib import Path

import pytest
from tests.infra.policies.commands import calls_of
from tests.infra.terraform import ROOT


def test_a_command_becomes_the_call_of_its_operation(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("`aws glue start-job-run --job-name metriccare_gold_job_dev` and `aws s3 cp a s3://b/c`")
    start, *copy = calls_of(page, "someone")
    assert (start.principal, start.service, start.operation) == ("someone", "glue", "StartJobRun")
    assert start.params == {"JobName": "metriccare_gold_job_dev"}
    assert {(one.operation, one.params["Bucket"], one.params["Key"]) for one in copy} == {
        ("PutObject", "b", "c"),
        ("CreateMultipartUpload", "b", "c"),
    }


@pytest.mark.parametrize("page", sorted(path.name for path in (ROOT / "docs").glob("*.md")))
def test_commands_of_the_pages_are_operations_of_aws(page: str) -> None:
    assert all(call.operation for call in calls_of(ROOT / "docs" / page, "someone"))
