"""What an operator reads of a process: fields of known names, where the environment asks for them."""

import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from metriccare.errors import LakeError, ParameterError
from metriccare.runtime import logs

log = logging.getLogger("metriccare.test")


@pytest.fixture(autouse=True)
def unconfigured(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for variable in (logs.LEVEL_VARIABLE, logs.FORMAT_VARIABLE, logs.FILE_VARIABLE):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(logs, "_context", {})
    yield
    monkeypatch.undo()
    logs.configure()


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """Return what is logged from `info` on, as JSON."""
    monkeypatch.setenv(logs.LEVEL_VARIABLE, "info")
    monkeypatch.setenv(logs.FORMAT_VARIABLE, "json")
    stream = io.StringIO()
    logs.configure(stream)
    return stream


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def without_time(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name not in ("time", "logger", "seconds")}


def test_nothing_is_logged_unless_it_is_asked_for(capfd: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    log.warning("lease lost", extra={"stage": "silver"})
    log.error("stage failed")
    assert capfd.readouterr() == ("", "")


def test_a_process_that_configures_nothing_is_quiet() -> None:
    script = "import logging, metriccare; logging.getLogger('metriccare.x').error('failed')"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")


@pytest.mark.parametrize(("level", "count"), [("warning", 1), ("info", 2), ("debug", 3), ("DEBUG", 3)])
def test_the_level_is_that_of_the_variable(monkeypatch: pytest.MonkeyPatch, level: str, count: int) -> None:
    monkeypatch.setenv(logs.LEVEL_VARIABLE, level)
    stream = io.StringIO()
    logs.configure(stream)
    for write in (log.debug, log.info, log.warning):
        write("lease renewed")
    assert len(stream.getvalue().splitlines()) == count


def test_a_machine_reads_one_json_object_a_line(shown: io.StringIO) -> None:
    log.info("table written", extra={"rows": 12, "table": "silver.stay", "run": "r1", "seconds": 0.25})
    (record,) = lines(shown.getvalue())
    assert record.pop("time").endswith("Z")
    assert record == {
        "level": "info",
        "logger": "metriccare.test",
        "message": "table written",
        "run": "r1",
        "table": "silver.stay",
        "rows": 12,
        "seconds": 0.25,
    }


def test_a_person_reads_a_short_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(logs.LEVEL_VARIABLE, "info")
    stream = io.StringIO()
    logs.configure(stream)
    log.info("table written", extra={"rows": 12, "table": "silver.stay"})
    assert stream.getvalue()[8:] == " info table written table=silver.stay rows=12\n"


def test_only_known_fields_are_written_and_no_text_of_an_error(shown: io.StringIO) -> None:
    try:
        raise LakeError("Maria Santos has no stay")
    except LakeError:
        log.exception("stage %s failed", "Maria", extra={"patient_id": "Maria", "stage": "gold"})
    (record,) = lines(shown.getvalue())
    assert "Maria" not in shown.getvalue()
    assert record["error"].startswith("LakeError at test_logs.py:")
    assert (record["message"], record["stage"]) == ("stage %s failed", "gold")


def test_run_and_stage_are_those_of_the_process_unless_given(shown: io.StringIO) -> None:
    logs.set_context(run="r1", stage="silver")
    log.info("first")
    log.info("second", extra={"stage": "gold"})
    logs.set_context(stage="")
    log.info("third")
    found = [(record.get("run"), record.get("stage")) for record in lines(shown.getvalue())]
    assert found == [("r1", "silver"), ("r1", "gold"), ("r1", None)]


def test_what_takes_time_is_logged_at_its_end_with_what_came_of_it(shown: io.StringIO) -> None:
    with logs.timed(log, "write table", table="silver.stay") as fields:
        fields["rows"] = 3
    (record,) = lines(shown.getvalue())
    assert without_time(record) == {
        "level": "info",
        "message": "write table",
        "table": "silver.stay",
        "status": "succeeded",
        "rows": 3,
    }
    assert record["seconds"] >= 0


def test_what_fails_is_logged_as_an_error_and_goes_on_failing(shown: io.StringIO) -> None:
    with pytest.raises(LakeError), logs.timed(log, "write table", table="silver.stay"):
        raise LakeError("Maria")
    (record,) = lines(shown.getvalue())
    assert without_time(record) == {
        "level": "error",
        "message": "write table",
        "table": "silver.stay",
        "status": "failed",
        "error": "LakeError",
    }


def test_a_run_keeps_its_records_and_those_of_its_children_and_shows_none(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    script = (
        "import logging; from metriccare.runtime import logs; logs.configure();"
        "logging.getLogger('metriccare.child').info('notebook ended')"
    )
    with logs.kept_in(tmp_path / "run.log"):
        log.info("run started")
        log.debug("lease renewed")
        subprocess.run([sys.executable, "-c", script], check=True)
    log.info("run ended")
    written = lines((tmp_path / "run.log").read_text())
    assert [record["message"] for record in written] == ["run started", "notebook ended"]
    assert capfd.readouterr() == ("", "")


def test_details_are_kept_where_they_are_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(logs.LEVEL_VARIABLE, "debug")
    logs.configure(io.StringIO())
    with logs.kept_in(tmp_path / "run.log"):
        log.debug("lease renewed")
    assert len(lines((tmp_path / "run.log").read_text())) == 1


def test_configuring_again_replaces_what_was_configured(shown: io.StringIO) -> None:
    again = io.StringIO()
    logs.configure(again)
    log.info("run started")
    assert (shown.getvalue(), len(lines(again.getvalue()))) == ("", 1)


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        (
            logs.LEVEL_VARIABLE,
            "loud",
            "METRICCARE_LOG is 'loud': it can be debug, info, warning, or not set.",
        ),
        (logs.FORMAT_VARIABLE, "xml", "METRICCARE_LOG_FORMAT is 'xml': it can be text, json, or not set."),
        (
            logs.FILE_VARIABLE,
            "/missing/log",
            "METRICCARE_LOG_FILE names /missing/log, which can't be written",
        ),
    ],
)
def test_a_wrong_variable_is_an_error_that_says_what_it_can_be(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, expected: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(ParameterError) as raised:
        logs.configure()
    monkeypatch.delenv(variable)
    assert str(raised.value).startswith(expected)
