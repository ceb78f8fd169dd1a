"""What people are told of a run, in an e-mail and in a chat."""

from tests.support.chat import taken
from tests.support.rows import run_row

from metriccare.pipeline.glue_job.arguments import Arguments
from metriccare.pipeline.glue_job.message import Input, for_chat, subject, text

JOB = Arguments("s3://s/04_gold.ipynb", "s3://lake/", workflow="wf", environment="dev")


def test_the_message_holds_the_reconciliation() -> None:
    told = text(JOB, run_row(), Input(records=7, quarantined=2))
    assert "New: 7 records, 2 of them quarantined." in told
    assert "16 records = 13 accepted + 2 skipped + 1 quarantined" in told
    assert "Results: 5. Synthetic data." in told
    assert "s3://lake/runs/run-2/" in told


def test_the_message_tells_of_files_that_could_not_be_read() -> None:
    assert "could not be read" not in text(JOB, run_row(), Input())
    assert "Files that could not be read: 2." in text(JOB, run_row(), Input(unreadable=2))


def test_a_source_that_stopped_is_named() -> None:
    told = text(JOB, run_row(), Input(stale={"south": 72.4 * 3600, "north": 50 * 3600}))
    assert (
        "The source north has sent nothing for 50 hours.\nThe source south has sent nothing for 72 hours."
        in told
    )


def test_the_subject_is_what_sns_takes() -> None:
    assert subject(JOB, run_row()) == "MetricCare dev: 5 results as of 2025-06-30"
    assert len(subject(JOB, run_row(results=10**90))) == 100


def test_a_chat_takes_any_text() -> None:
    told = 'A folder named source="x"\\y\nand a line more — ü'
    assert taken(for_chat('Title with "quotes"', told)) == {
        "textType": "client-markdown",
        "title": 'Title with "quotes"',
        "description": told,
    }
