"""Commands of the AWS CLI in the repository's files, as calls."""

import pytest
from tests.infra.policies.commands import calls_of
from tests.infra.policies.workflow import commands_by_role
from tests.infra.terraform import ROOT


def test_a_command_becomes_the_call_of_its_operation() -> None:
    (call,) = calls_of("`aws glue start-job-run --job-name metriccare_gold_job_dev`", "someone_dev")
    assert (call.principal, call.service, call.operation) == ("someone_dev", "glue", "StartJobRun")
    assert call.params == {"JobName": "metriccare_gold_job_dev"}


def test_what_a_script_leaves_to_a_variable_is_of_the_principals_environment() -> None:
    (call,) = calls_of('x=$(aws glue get-workflow-runs --name "$name" --max-results 5)', "someone_prod")
    assert call.params == {"Name": "metriccare_all_workflow_prod"}


def test_a_copy_writes_or_reads_by_its_direction() -> None:
    up = calls_of('aws s3 cp --no-progress plan "s3://$STATE_BUCKET/$KEY"', "someone_prod")
    down = calls_of("aws s3 cp s3://b/c plan", "someone_prod")
    assert [call.operation for call in up] == ["PutObject", "CreateMultipartUpload"]
    assert up[0].params == {"Bucket": "metriccare-all-state-123456789012", "Key": "plans/prod/1"}
    assert [call.operation for call in down] == ["HeadObject", "GetObject"]
    assert down[0].params == {"Bucket": "b", "Key": "c"}


@pytest.mark.parametrize("page", sorted(path.name for path in (ROOT / "docs").glob("*.md")))
def test_commands_of_the_pages_are_operations_of_aws(page: str) -> None:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    assert all(call.operation for call in calls_of(text, "someone_dev"))


def test_each_job_of_the_workflow_runs_with_its_role() -> None:
    roles = dict(commands_by_role())
    assert roles.keys() == {
        f"metriccare_all_{kind}_{env}" for kind in ("plan", "apply") for env in ("dev", "prod")
    }
    assert "get-workflow-runs" in roles["metriccare_all_apply_prod"]
    assert "get-workflow-runs" not in roles["metriccare_all_plan_prod"]
