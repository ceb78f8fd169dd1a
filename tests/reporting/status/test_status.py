"""What `metriccare status` tells of a lake, of its ledger alone, and of lakes that are old, broken or not there."""

import io
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.support.hudi_tables import write_table
from tests.support.rows import run_row

from metriccare.cli import main
from metriccare.definitions.tables import RECORD, RUN, STAY
from metriccare.errors import LakeError
from metriccare.lake.ledger import (
    FileVersion,
    Lease,
    Ledger,
    Owner,
    QuarantineEntry,
    QuarantineState,
    RunEntry,
    open_ledger,
    this_process,
)
from metriccare.pipeline import checkpoints
from metriccare.pipeline.checkpoints import BronzeCheckpoint, Checkpoint, GoldCheckpoint, SilverCheckpoint
from metriccare.reporting.status import read_status, show_status, to_json
from metriccare.reporting.status.model import Files, Progress, Quarantined, Source, Status, UnreadFile
from metriccare.reporting.status.stages import stages
from metriccare.reporting.terminal import Terminal
from metriccare.settings import Lake

NOW = datetime(2025, 7, 2, 12, tzinfo=UTC)
WIDTH = 80
RECORDS = [
    ("v1", "0", "Patient", "secret-id", '{"name": "Jane Doe"}', None),
    ("v1", "90", "_quarantine", None, '{"name": "Jane Doe', "not_json"),
    ("v1", "180", "_quarantine", "secret-id", "{}", "not_json"),
    ("v2", "0", "_quarantine", None, "[]", "not_a_resource"),
]
FIELDS = ("file_version", "position", "resource_type", "resource_id", "body", "reason_code")
BRONZE, SILVER = BronzeCheckpoint("2"), SilverCheckpoint("2", "3")
GOLD = GoldCheckpoint("2", "3", as_of="2025-06-30")


REBUILDING = replace(SILVER, is_rebuilding=True)
PENDING = replace(GOLD, pending_as_of=("2025-06-30",))


def save(ledger: Ledger, lease: Lease, checkpoint: Checkpoint) -> None:
    ledger.set_state(lease, checkpoint.STAGE, checkpoints.to_json(checkpoint))


def hour(number: int) -> datetime:
    return datetime(2025, 7, 2, number, tzinfo=UTC)


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """Return a lake without a ledger."""
    lake = Lake.at(tmp_path_factory.mktemp("lake"))
    records = [dict(zip(FIELDS, row, strict=True)) | {"received_at": hour(1)} for row in RECORDS]
    write_table(lake, RECORD, records)
    days = [date(2025, 6, 30), date(2025, 6, 1), date(2099, 1, 1), None]
    stays = [{"id": f"secret-{at}", "discharge_date": day} for at, day in enumerate(days)]
    write_table(lake, STAY, stays, "id STRING, discharge_date DATE")
    runs = [run_row(), run_row(run_id="run-1", run_at=hour(0) - timedelta(days=1))]
    write_table(lake, RUN, runs)
    return lake


@pytest.fixture(scope="module")
def lake(tables: Lake, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """Return the same lake with a ledger, in which something is in every state."""
    folder = tmp_path_factory.mktemp("with") / "lake"
    folder.mkdir()
    for layer in ("bronze", "silver", "gold"):
        (folder / layer).symlink_to(Path(tables.root) / layer)
    lake = Lake.at(folder)
    ledger = open_ledger(lake)
    files = [FileVersion(f"v{at}", f"/raw/{at}.ndjson", "a", 100) for at in range(1, 13)]
    ledger.register(files[:11], hour(1))
    ledger.register(files[11:], hour(2))
    ledger.acquire("gold", Owner("run-2", socket.gethostname(), dead_process(), "1"), hour(1))
    with_lease(ledger, "silver", lambda lease: save(ledger, lease, replace(SILVER, bronze_instant="1")))
    bronze = ledger.acquire("bronze", this_process("run-4"), hour(1))
    save(ledger, bronze, BRONZE)
    ledger.claim(bronze, "batch-1", ["v1", "v2"])
    ledger.finish(bronze, "batch-1")
    ledger.claim(bronze, "batch-2", ["v3"])
    ledger.fail(
        bronze,
        {f"v{at}": f"/raw/{at}.ndjson was deleted before it was read: put it back." for at in range(4, 11)},
    )
    ledger.mark_gone(bronze, {"v11": "/raw/11.ndjson changed before it was read."})
    for number, status in ((1, "succeeded"), (2, "failed")):
        ledger.start_run(RunEntry(f"run-{number}", hour(number)))
        ledger.end_run(
            f"run-{number}",
            hour(number) + timedelta(seconds=75),
            status,
            "" if number == 1 else "The disk is full.",
        )
    for number in (3, 4):
        ledger.start_run(RunEntry(f"run-{number}", hour(number)))
    ledger.set_quarantine(
        [
            QuarantineEntry("v1", "90", QuarantineState.REPLAYED, "", hour(3)),
            QuarantineEntry("v2", "0", QuarantineState.DISMISSED, "a test", hour(3)),
            QuarantineEntry("gone", "0", QuarantineState.REPLAYED, "", hour(3)),
        ]
    )
    ledger.close()
    return lake


def dead_process() -> int:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


def with_lease(ledger: Ledger, stage: str, do: Callable[[Lease], None]) -> None:
    lease = ledger.acquire(stage, this_process("before"), hour(1))
    do(lease)
    ledger.release(lease)


@pytest.fixture(scope="module")
def status(lake: Lake) -> Status:
    return read_status(lake, now=NOW)


def shown(status: Status) -> str:
    text = io.StringIO()
    show_status(Terminal(file=text, width=WIDTH), status)
    return text.getvalue()


def command(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["status", *arguments])


def test_freshness_is_read_from_ledger_and_tables(status: Status) -> None:
    fresh = status.freshness

    assert fresh.newest_file_received_at == hour(2)
    assert (fresh.newest_change_run_id, fresh.newest_change_at) == ("run-2", hour(8))
    assert (fresh.as_of, fresh.newest_discharge_date) == (date(2025, 6, 30), date(2025, 6, 30))


def test_the_backlog_is_counted_and_every_failed_file_is_named(status: Status) -> None:
    assert status.files == Files(received=1, claimed=1, done=2, failed=7, gone=1)
    assert status.failed[0] == UnreadFile(
        "/raw/10.ndjson", "a", hour(1), "/raw/10.ndjson was deleted before it was read: put it back."
    )
    assert len(status.failed) == 7
    assert [one.reason for one in status.gone] == ["/raw/11.ndjson changed before it was read."]


def test_each_source_is_listed_if_there_are_several(status: Status) -> None:
    assert status.sources == (Source("a", hour(2)),)
    assert "- of a" not in shown(status)
    text = shown(replace(status, sources=(Source("a", hour(2)), Source("b", hour(1)))))
    assert "- of b 2025-07-02 01:00 UTC" in [" ".join(line.split()) for line in text.splitlines()]


def test_a_living_writer_is_distinguished_from_one_that_has_ended(status: Status) -> None:
    assert [(one.stage, one.run_id, one.is_writing) for one in status.writers] == [
        ("bronze", "run-4", True),
        ("gold", "run-2", False),
    ]
    assert status.writers[0].process == os.getpid()


def test_a_lease_of_another_machine_holds_until_its_time_is_over(tmp_path: Path) -> None:
    lake = Lake.at(tmp_path)
    ledger = open_ledger(lake)
    lease = ledger.acquire("gold", Owner("run-1", "elsewhere", 1, "1"), NOW)
    ledger.close()

    before, after = (read_status(lake, now=lease.expires_at + timedelta(seconds=at)) for at in (-1, 1))
    assert [one.is_writing for one in (*before.writers, *after.writers)] == [True, False]
    assert before.stages[2].progress == Progress.IN_PROGRESS
    assert after.stages[2].progress == Progress.NOT_RUN


def test_runs_tell_how_long_they_took_and_how_they_ended(status: Status) -> None:
    assert [(one.run_id, one.status, one.seconds, one.is_writing, one.message) for one in status.runs] == [
        ("run-4", "running", None, True, ""),
        ("run-3", "running", None, False, ""),
        ("run-2", "failed", 75.0, False, "The disk is full."),
        ("run-1", "succeeded", 75.0, False, ""),
    ]


def test_quarantined_records_are_counted_by_what_became_of_them(status: Status) -> None:
    assert status.quarantine == (Quarantined("not_a_resource", 0, 0, 1), Quarantined("not_json", 1, 1, 0))


def test_the_text_says_all_that_and_fits_a_small_terminal(status: Status, lake: Lake) -> None:
    text = shown(replace(status, lake="LAKE"))
    lines = [" ".join(line.split()) for line in text.splitlines()]

    assert lines[0] == "Lake LAKE, synthetic data"
    for line in (
        "Newest file received 2025-07-02 02:00 UTC",
        "Results last changed 2025-07-02 08:00 UTC, run run-2",
        "Cut-off date (as_of) 2025-06-30",
        "Newest discharge 2025-06-30",
        "bronze in progress: 2 files wait",
        "silver behind: bronze is at commit 2, silver has read up to 1",
        "gold not run yet",
        "Files: 2 read, 1 waiting, 1 being read, 7 failed",
        "1 overwritten or deleted before they were read; --format json lists them.",
        "- /raw/10.ndjson was deleted before it was read: put it back.",
        "- and 2 more; `metriccare status --format json` lists all of them.",
        "run-4 2025-07-02 04:00 UTC - running",
        "run-3 2025-07-02 03:00 UTC - unfinished",
        "run-3: the run is between two stages, or it was killed.",
        "run-2 2025-07-02 02:00 UTC 1 min 15 s failed",
        "run-2: The disk is full.",
        "run-1 2025-07-02 01:00 UTC 1 min 15 s succeeded",
        "not_json 1 1 0",
    ):
        assert line in lines
    assert f"gold: run run-2, process {status.writers[1].process} on" in text
    assert "has ended; the next run takes over" in " ".join(lines)
    assert max(map(len, text.splitlines())) <= WIDTH


def test_no_patient_is_in_it(status: Status) -> None:
    for text in (shown(status), to_json(status)):
        assert "not_json" in text
        assert "secret" not in text
        assert "Jane" not in text


def test_the_command_prints_text_or_json(lake: Lake) -> None:
    text, answer = command("--lake", lake.root), command("--lake", lake.root, "--format", "json")

    assert (text.exit_code, answer.exit_code) == (0, 0)
    assert "Newest discharge" in text.stdout
    told: dict[str, Any] = json.loads(answer.stdout)
    assert set(told) == set(Status.__dataclass_fields__)
    assert told["stages"][1]["progress"] == "behind"
    assert told["freshness"]["newest_file_received_at"] == "2025-07-02T02:00:00+00:00"
    assert told["freshness"]["as_of"] == "2025-06-30"


def test_looking_changes_nothing(lake: Lake) -> None:
    before = Path(lake.ledger).read_bytes(), sorted(Path(lake.root).iterdir())
    read_status(lake, now=NOW)

    assert (Path(lake.ledger).read_bytes(), sorted(Path(lake.root).iterdir())) == before


def test_the_status_of_a_lake_without_its_ledger_is_read_from_its_tables(tables: Lake) -> None:
    status = read_status(tables, now=NOW)

    assert status.notes[0].startswith("This lake has no ledger")
    assert status.freshness.newest_file_received_at == hour(1)
    assert status.quarantine[1] == Quarantined("not_json", 2, 0, 0)
    assert "Newest discharge" in shown(status)
    assert "Stages" not in shown(status)
    assert not Path(tables.ledger).exists()


def test_a_lake_that_does_not_exist_is_one_sentence_and_stays_so(tmp_path: Path) -> None:
    place = tmp_path / "nowhere"
    answer = command("--lake", str(place))

    assert (answer.exit_code, answer.stdout) == (1, "")
    assert answer.stderr == (
        f"Error: There is no lake at {place}: pass its location with --lake, or run `metriccare run`.\n"
    )
    assert not place.exists()
    with pytest.raises(LakeError):
        read_status(Lake.at(tmp_path))


def test_a_table_that_cannot_be_read_is_a_note(tmp_path: Path) -> None:
    lake = Lake.at(tmp_path)
    open_ledger(lake).close()
    (tmp_path / "gold" / "run" / ".hoodie").mkdir(parents=True)
    (tmp_path / "gold" / "run" / ".hoodie" / "hoodie.properties").touch()
    status = read_status(lake)

    assert status.freshness.newest_change_at is None
    assert len(status.notes) == 1
    assert "gold.run" in status.notes[0]


@pytest.mark.parametrize(
    ("silver", "gold", "written", "told"),
    [
        (None, None, (), ("up to date", "not run yet", "not run yet")),
        (SILVER, None, (), ("up to date", "up to date", "not run yet")),
        (SILVER, GOLD, (), ("up to date", "up to date", "up to date")),
        (replace(SILVER, bronze_instant="1"), GOLD, (), ("up to date", "behind", "behind")),
        (SILVER, replace(GOLD, change_instant="1"), (), ("up to date", "up to date", "behind")),
        (REBUILDING, GOLD, (), ("up to date", "interrupted", "up to date")),
        (SilverCheckpoint(is_rebuilding=True), None, (), ("up to date", "interrupted", "not run yet")),
        (SILVER, PENDING, (), ("up to date", "up to date", "interrupted")),
        (REBUILDING, GOLD, ("silver",), ("up to date", "in progress", "up to date")),
        (SILVER, None, ("gold", "silver"), ("up to date", "up to date", "in progress")),
    ],
)
def test_how_far_a_stage_is_follows_from_the_checkpoints(
    tmp_path: Path,
    silver: SilverCheckpoint | None,
    gold: GoldCheckpoint | None,
    written: tuple[str, ...],
    told: tuple[str, ...],
) -> None:
    ledger = open_ledger(Lake.at(tmp_path))
    for one in filter(None, (BRONZE, silver, gold)):
        with_lease(ledger, one.STAGE, lambda lease, one=one: save(ledger, lease, one))
    for name in written:
        ledger.acquire(name, this_process("now"), NOW)
    ledger.close()

    assert tuple(one.progress.value for one in read_status(Lake.at(tmp_path), now=NOW).stages) == told


def test_files_that_wait_put_bronze_behind(tmp_path: Path) -> None:
    ledger = open_ledger(Lake.at(tmp_path))
    with_lease(ledger, "bronze", lambda lease: save(ledger, lease, BRONZE))

    assert [
        stages(ledger, Files(**{state: 1}), ())[0].progress for state in ("received", "claimed", "done")
    ] == [
        Progress.BEHIND,
        Progress.BEHIND,
        Progress.UP_TO_DATE,
    ]
    ledger.close()
