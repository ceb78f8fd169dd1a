"""The arguments of a Glue job, and which of them are refused."""

import pytest

from metriccare.errors import ParameterError
from metriccare.pipeline.glue_job.arguments import Arguments, parse

NEEDED = ["--notebook", "s3://scripts/02_bronze.ipynb", "--lake", "s3://lake"]
OF_GLUE = [
    *("--JOB_NAME", "bronze", "--JOB_ID", "j_1", "--JOB_RUN_ID", "jr_1", "--TempDir", "s3://tmp/"),
    *("--enable-metrics", "--job-bookmark-option", "job-bookmark-disable", "--conf", "a=b --conf c=d"),
]


def test_arguments_that_glue_adds_are_ignored() -> None:
    assert parse([*OF_GLUE, *NEEDED]) == Arguments("s3://scripts/02_bronze.ipynb", "s3://lake")


def test_the_workflows_run_is_the_run() -> None:
    given = [*NEEDED, "--run_id", "mine", "--WORKFLOW_NAME", "wf", "--WORKFLOW_RUN_ID", "wr_1"]
    assert (parse(given).run_id, parse(given).workflow) == ("wr_1", "wf")
    assert parse(given[:6]).run_id == "mine"


def test_values_may_hold_what_urls_and_dates_hold() -> None:
    given = [
        "--ledger_url",
        "dynamodb://t?lake=x",
        "--as_of",
        "2025-01-01",
        "--full_refresh",
        "true",
        "--engine",
        "in_process",
        "--max_quarantined",
        "0.05",
    ]
    found = parse([*NEEDED, *given])
    assert (found.ledger_url, found.as_of, found.full_refresh) == ("dynamodb://t?lake=x", "2025-01-01", True)
    assert (found.engine, found.max_quarantined) == ("in_process", 0.05)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([*NEEDED, "--asof", "2025-01-01"], "has the unknown argument --asof; it takes --notebook, --lake"),
        (NEEDED[:2], "has no argument --lake"),
        ([*NEEDED, "--engine", "spark"], "--engine is 'spark': expected papermill or in_process"),
        ([*NEEDED, "--full_refresh", "yes"], "--full_refresh is 'yes': expected true or false"),
        (
            [*NEEDED, "--max_quarantined", "many"],
            "--max_quarantined is 'many': expected a number from 0 to 1",
        ),
        ([*NEEDED, "--max_quarantined", "5"], "max_quarantined is 5.0, but must be a share from 0 to 1"),
    ],
)
def test_unknown_arguments_and_values_are_refused(given: list[str], said: str) -> None:
    with pytest.raises(ParameterError, match=said):
        parse(given)
