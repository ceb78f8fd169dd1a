"""Each file version goes into bronze exactly once, whatever becomes of the run that takes it."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pyspark.sql import SparkSession
from tests.support.builders import condition

from metriccare.bronze.input_record import InputRecord
from metriccare.definitions.tables import RECORD
from metriccare.errors import InputError, LeaseLostError
from metriccare.fhir.ndjson import RawLine
from metriccare.lake.ledger import FileState, open_ledger, this_process
from metriccare.lake.raw_files import list_files
from metriccare.pipeline.bronze_commits import publish_batch
from metriccare.pipeline.checkpoints import BronzeCheckpoint
from metriccare.pipeline.plan import bronze_work
from metriccare.pipeline.stage_writer import StageWriter, open_stage
from metriccare.pipeline.stages import bronze as intake
from metriccare.reporting.growth import growth
from metriccare.settings import Lake

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


class Intake:
    """A raw folder and the lake that it is taken into."""

    def __init__(self, spark: SparkSession, folder: Path) -> None:
        self.spark, self.raw, self.lake = spark, folder / "raw", Lake(str(folder / "lake"))
        self.raw.mkdir()
        self.writer: StageWriter = open_stage(spark, "bronze", self.lake, "run-0")

    def run(self, run_id: str, now: datetime = NOW) -> intake.Batch:
        """Take what is new, as the notebook does."""
        batch = self.claim(run_id, now)
        intake.take(self.writer, batch)
        return batch

    def claim(self, run_id: str, now: datetime = NOW) -> intake.Batch:
        self.writer.close()
        self.writer = open_stage(self.spark, "bronze", self.lake, run_id)
        files = list_files(str(self.raw))
        self.recovered = intake.recover_batches(self.writer)
        intake.receive(self.writer, files, now)
        return intake.claim(self.writer)

    def write(self, name: str, *ids: str) -> Path:
        path = self.raw / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(f"{json.dumps(condition(id, None))}\n" for id in ids), encoding="utf-8")
        return path

    def write_text(self, name: str, text: str) -> None:
        (self.raw / name).write_text(text, encoding="utf-8")

    def ids(self) -> list[str]:
        rows = self.writer.lake.read(RECORD).select("resource_id").collect()
        return sorted(row.resource_id for row in rows)

    def commits(self) -> int:
        return len(list(Path(RECORD.path(self.lake.root), ".hoodie").glob("*.commit")))

    def states(self) -> dict[str, FileState]:
        return {Path(one.file.path).name: one.state for one in self.writer.ledger.files()}


@pytest.fixture
def feed(spark: SparkSession, tmp_path: Path) -> Iterator[Intake]:
    one = Intake(spark, tmp_path)
    yield one
    one.writer.close()


def test_each_file_is_taken_once_and_a_batch_is_one_commit(feed: Intake) -> None:
    feed.write("a.ndjson", "1", "2")
    feed.write("deep/b.ndjson", "3")
    feed.run("run-1")
    feed.write("c.ndjson", "4")
    feed.run("run-2")
    idle = feed.run("run-3")

    assert feed.ids() == ["1", "2", "3", "4"]
    assert feed.commits() == 2
    assert set(feed.states().values()) == {FileState.DONE}
    assert list(idle.sentences) == ["No files to read."]
    assert feed.writer.load(BronzeCheckpoint).watermark == feed.writer.lake.latest_commit(RECORD)


def test_a_version_keeps_the_time_it_was_first_seen(feed: Intake) -> None:
    feed.write("a.ndjson", "1")
    feed.claim("run-1", NOW)  # dies before it writes
    feed.write("b.ndjson", "2")
    feed.run("run-2", NOW + timedelta(days=1))

    rows = feed.writer.lake.read(RECORD).select("resource_id", "received_at").collect()
    assert {row.resource_id: row.received_at.astimezone(UTC) for row in rows} == {
        "1": NOW,
        "2": NOW + timedelta(days=1),
    }


def test_what_a_run_claimed_and_did_not_commit_waits_again(feed: Intake) -> None:
    feed.write("a.ndjson", "1")
    feed.claim("run-1")
    feed.run("run-2")
    assert feed.recovered == ["Batch run-1 was never committed: its 1 files will be read again."]
    assert feed.ids() == ["1"]
    assert feed.states() == {"a.ndjson": FileState.DONE}


def test_what_a_run_committed_and_did_not_note_is_done(feed: Intake) -> None:
    feed.write("a.ndjson", "1")
    batch = feed.claim("run-1")
    feed.writer.append(RECORD, intake.records_of(feed.spark, batch), batch_id=batch.batch_id)

    feed.run("run-2")
    assert "Batch run-1 was committed as " in feed.recovered[0]
    assert feed.ids() == ["1"]
    assert feed.commits() == 1
    assert feed.states() == {"a.ndjson": FileState.DONE}


def test_new_content_under_an_old_name_is_taken_too(feed: Intake) -> None:
    feed.write("a.ndjson", "1")
    feed.run("run-1")
    feed.write("a.ndjson", "1", "2")
    feed.run("run-2")
    assert feed.ids() == ["1", "1", "2"]


def test_the_same_content_under_another_name_is_kept_and_reported(feed: Intake) -> None:
    first = feed.write("a.ndjson", "1", "2")
    feed.run("run-1")
    shutil.copy(first, feed.raw / "b.ndjson")
    batch = feed.run("run-2")

    grown = growth(feed.lake, batch.batch_id)
    assert grown.to_dict("index") == {"Condition": {"batch": 2, "repeated": 2, "all": 4}}


def test_a_file_that_is_gone_waits_for_nothing_until_it_comes_back(feed: Intake, tmp_path: Path) -> None:
    feed.write("a.ndjson", "1")
    bad = feed.write("b.ndjson", "2")
    feed.writer.close()
    feed.writer = open_stage(feed.spark, "bronze", feed.lake, "run-1")
    files = list_files(str(feed.raw))
    intake.receive(feed.writer, files, NOW)
    away = shutil.move(bad, tmp_path / "away")  # between the listing and the reading
    batch = intake.claim(feed.writer)
    intake.take(feed.writer, batch)

    assert feed.ids() == ["1"]
    assert any("b.ndjson was deleted before it was read: put it back" in said for said in batch.sentences)
    assert feed.states() == {"a.ndjson": FileState.DONE, "b.ndjson": FileState.GONE}

    shutil.move(away, bad)  # keeps the time of change: the same version
    feed.run("run-2", NOW + timedelta(days=1))
    assert feed.ids() == ["1", "2"]
    rows = feed.writer.lake.read(RECORD).select("resource_id", "received_at").collect()
    received = {row.resource_id: row.received_at.astimezone(UTC) for row in rows}
    assert received == {"1": NOW, "2": NOW + timedelta(days=1)}
    assert set(feed.states().values()) == {FileState.DONE}


def test_a_file_that_changes_before_it_is_read_is_taken_as_its_new_version(feed: Intake) -> None:
    feed.write("a.ndjson", "1")
    files = list_files(str(feed.raw))
    intake.receive(feed.writer, files, NOW)
    feed.write("a.ndjson", "1", "2")
    batch = intake.claim(feed.writer)
    assert batch.files == ()
    assert "changed before it was read: the next run reads its new version" in " ".join(batch.sentences)

    feed.run("run-2")
    assert feed.ids() == ["1", "2"]
    assert sorted(one.state for one in feed.writer.ledger.files()) == [FileState.DONE, FileState.GONE]
    assert list(feed.run("run-3").sentences) == ["No files to read."]  # the old version is not tried again


def test_a_file_that_changes_while_it_is_read_leaves_nothing_in_bronze(feed: Intake) -> None:
    feed.write("first.ndjson", "0")
    feed.run("run-1")
    path = feed.write("a.ndjson", "1")
    batch = feed.claim("run-2")
    with path.open("a", encoding="utf-8") as more:
        more.write(json.dumps(condition("2", None)) + "\n")
    with pytest.raises(InputError, match=r"a\.ndjson changed while it was read: run again"):
        intake.take(feed.writer, batch)
    assert feed.ids() == ["0"]
    assert feed.states() == {"first.ndjson": FileState.DONE, "a.ndjson": FileState.RECEIVED}

    feed.run("run-3")
    assert feed.ids() == ["0", "1", "2"]


def test_a_run_that_was_taken_over_commits_nothing(feed: Intake) -> None:
    feed.write("a.ndjson", "1")
    feed.run("run-1")
    feed.write("b.ndjson", "2")
    batch = feed.claim("run-2")
    with closing(open_ledger(feed.lake)) as taker:
        taker.acquire("bronze", this_process("run-3"), datetime.now(UTC))
    with pytest.raises(LeaseLostError):
        intake.take(feed.writer, batch)
    assert feed.ids() == ["1"]


def test_a_run_id_that_comes_again_names_another_batch(feed: Intake) -> None:
    feed.write("a.ndjson", "1")
    assert feed.run("run-1").batch_id == "run-1"
    feed.write("b.ndjson", "2")
    assert feed.claim("run-1").batch_id == "run-1-2"  # dies: the commit of run-1 tells nothing of it
    feed.run("run-1")
    assert feed.recovered == ["Batch run-1-2 was never committed: its 1 files will be read again."]
    assert feed.ids() == ["1", "2"]


def test_what_batches_bring_is_added_up_and_counts_once_if_it_is_recovered(feed: Intake) -> None:
    def brought() -> tuple[int, int]:
        checkpoint = feed.writer.load(BronzeCheckpoint)
        return checkpoint.records, checkpoint.quarantined

    feed.write("a.ndjson", "1", "2")
    feed.write_text("bad.ndjson", "{half\n")
    feed.run("run-1")
    assert brought() == (3, 1)
    feed.write("b.ndjson", "3")
    batch = feed.claim("run-2")
    intake._append(feed.writer, batch)  # dies before the watermark
    feed.run("run-3")
    assert brought() == (4, 1)
    feed.write("c.ndjson", "4")
    batch = feed.claim("run-4")
    intake._append(feed.writer, batch)
    publish_batch(feed.writer)  # dies before the ledger
    feed.run("run-5")
    assert brought() == (5, 1)


def test_a_bundle_of_deletions_is_one_record_per_deletion(feed: Intake) -> None:
    entries = [{"request": {"method": "DELETE", "url": f"Condition/{id}"}} for id in ("1", "2")]
    bundle = {"resourceType": "Bundle", "type": "transaction", "timestamp": "2026-10-31", "entry": entries}
    feed.write_text("deleted.ndjson", f"\n{json.dumps(bundle)}\n")
    feed.run("run-1")
    rows = feed.writer.lake.read(RECORD).orderBy("position").collect()
    assert [(row.position, row.resource_type, row.resource_id, row.last_updated) for row in rows] == [
        ("1/entry[0]", "Condition", "1", "2026-10-31"),
        ("1/entry[1]", "Condition", "2", "2026-10-31"),
    ]
    assert [json.loads(row.body) for row in rows] == entries


def test_files_without_a_line_are_done(feed: Intake) -> None:
    feed.write("a.ndjson", "1")
    feed.run("run-1")
    feed.write_text("empty.ndjson", "")
    feed.write_text("blank.ndjson", "\n \n")
    feed.run("run-2")
    assert feed.ids() == ["1"]
    assert set(feed.states().values()) == {FileState.DONE}
    assert list(feed.run("run-3").sentences) == ["No files to read."]


def test_a_folder_of_many_small_files_is_one_commit(feed: Intake) -> None:
    for number in range(1_200):
        feed.write(f"{number % 7}/{number}.ndjson", str(number))
    feed.run("run-1")
    assert len(feed.ids()) == 1_200
    assert feed.commits() == 1
    assert feed.writer.ledger.counts() == {FileState.DONE: 1_200}


def test_a_lost_ledger_is_filled_from_bronze_and_no_file_is_read_twice(feed: Intake) -> None:
    feed.write("a.ndjson", "1", "2")
    feed.run("run-1", NOW)
    feed.write("source=b/b.ndjson", "3")
    feed.write("empty.ndjson")
    feed.run("run-2", NOW + timedelta(days=1))
    before = {one.file.path: one for one in feed.writer.ledger.files()}
    feed.writer.close()
    Path(feed.lake.root, "ledger.sqlite").unlink()

    feed.write("c.ndjson", "4")
    feed.run("run-3", NOW + timedelta(days=2))
    assert feed.recovered == [
        "The ledger was lost: 2 files are entered as read again, from what bronze holds. Records that were dismissed "
        "are open again."
    ]
    assert feed.ids() == ["1", "2", "3", "4"]
    after = {one.file.path: one for one in feed.writer.ledger.files()}
    of_records = [path for path in before if "empty" not in path]
    assert [after[path] for path in of_records] == [before[path] for path in of_records]
    assert set(feed.states().values()) == {FileState.DONE}


def test_a_file_that_ends_its_reader_harms_itself_only(feed: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    classify = intake.bronze.classify

    def deadly(line: RawLine) -> list[InputRecord]:
        if b"poison" in line.data:
            os._exit(9)  # as the kernel does where memory is short
        return classify(line)

    monkeypatch.setattr(intake.bronze, "classify", deadly)
    monkeypatch.setattr(intake, "BYTES_HERE", 0)
    for name in ("a", "poison-1", "b", "c", "poison-2"):
        feed.write(f"{name}.ndjson", name)
    batch = feed.claim("run-1")
    left_out = intake.take(feed.writer, batch)

    assert feed.ids() == ["a", "b", "c"]
    assert feed.commits() == 1
    assert {name for name, state in feed.states().items() if state == FileState.FAILED} == {
        "poison-1.ndjson",
        "poison-2.ndjson",
    }
    assert [Path(sentence.partition(" ended the process")[0]).name for sentence in left_out] == [
        "poison-1.ndjson",
        "poison-2.ndjson",
    ]
    files = [file.as_version() for file in list_files(str(feed.raw))]
    assert bronze_work(feed.writer.ledger, files) == ""
    assert list(feed.run("run-2").sentences) == ["No files to read."]


def test_a_folder_without_anything_readable_says_so(feed: Intake) -> None:
    path = feed.write("a.ndjson", "1")
    files = list_files(str(feed.raw))
    intake.receive(feed.writer, files, NOW)
    path.unlink()
    batch = intake.claim(feed.writer)
    with pytest.raises(InputError, match=r"Bronze is still empty: no file could be read\. .*was deleted"):
        intake.take(feed.writer, batch)
