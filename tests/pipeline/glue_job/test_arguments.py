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
    expected = Arguments("s3://scripts/02_bronze.ipynb", "s3://lake", run_id="jr_1", is_sole=True)
    assert parse([*OF_GLUE, *NEEDED]) == expected


def test_the_workflows_run_is_the_run() -> None:
    given = [*NEEDED, "--run_id", "mine", "--WORKFLOW_NAME", "wf", "--WORKFLOW_RUN_ID", "wr_1"]
    found = parse([*given, "--JOB_RUN_ID", "jr_1_attempt_1"])
    assert (found.run_id, found.workflow, found.is_sole) == ("wr_1", "wf", True)
    assert (parse(given[:6]).run_id, parse(given[:6]).is_sole) == ("mine", False)


def test_all_attempts_of_a_job_that_was_started_alone_are_one_run() -> None:
    runs = [
        parse([*NEEDED, "--JOB_RUN_ID", f"jr_1{attempt}"]) for attempt in ("", "_attempt_1", "_attempt_12")
    ]
    assert {(one.run_id, one.is_sole) for one in runs} == {("jr_1", True)}
    own = parse([*NEEDED, "--JOB_RUN_ID", "jr_1", "--run_id", "mine"])
    assert (own.run_id, own.is_sole) == ("mine", False)  # a person may give it to two jobs at once


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
        (
            [*NEEDED, "--freshness_hours", "never"],
            "--freshness_hours is 'never': expected a number of hours above 0",
        ),
        ([*NEEDED, "--freshness_hours", "0"], "--freshness_hours is '0': expected a number of hours above 0"),
        ([*NEEDED, "--is_sole", "true"], "has the unknown argument --is_sole"),
        ([*NEEDED, "--max_quarantined", "5"], "max_quarantined is 5.0, but must be a share from 0 to 1"),
    ],
)
def test_unknown_arguments_and_values_are_refused(given: list[str], said: str) -> None:
    with pytest.raises(ParameterError, match=said):
        parse(given)
