"""What a ledger promises, on SQLite and on DynamoDB alike."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from metriccare.errors import LeaseLostError, StageBusyError
from metriccare.lake.ledger import (
    FileState,
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
from metriccare.settings import SOLE_RUN_VARIABLE, Lake

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
ELSEWHERE = Owner("run-9", "another-machine", 7, "1")
MANY = 1_100  # more than a listing of S3 holds; with long paths more than two answers of DynamoDB (1 MB)
CLAIMED = 250  # more than two transactions of DynamoDB hold (100)

Opener = Callable[[], Ledger]
Living = Callable[[str], Owner]


def file(name: str = "a", version: str = "", size: int = 10) -> FileVersion:
    return FileVersion(version or f"{name}-1", f"in/{name}.ndjson", "default", size)


def states(ledger: Ledger) -> dict[str, FileState]:
    return {entry.file.version: entry.state for entry in ledger.files()}


@pytest.fixture
def lease(ledger: Ledger) -> Lease:
    return ledger.acquire("bronze", this_process("run-1"), NOW)


def test_a_version_is_received_once(ledger: Ledger) -> None:
    assert ledger.register([file("a"), file("b")], NOW) == 2
    assert ledger.register([file("b"), file("c"), file("c")], LATER) == 1

    received = {entry.file.version: entry.received_at for entry in ledger.files(FileState.RECEIVED)}
    assert received == {"a-1": NOW, "b-1": NOW, "c-1": LATER}
    assert [entry.file for entry in ledger.files()] == [file("a"), file("b"), file("c")]


def test_new_content_under_an_old_name_is_new(ledger: Ledger) -> None:
    ledger.register([file("a")], NOW)
    again = file("a", version="a-2", size=11)
    assert ledger.unknown([file("a"), again]) == [again]
    assert ledger.register([again], LATER) == 1
    assert ledger.counts() == {FileState.RECEIVED: 2}


def test_a_batch_goes_from_claimed_to_done(ledger: Ledger, lease: Lease) -> None:
    ledger.register([file("a"), file("b")], NOW)
    got = ledger.claim(lease, "batch", ["a-1", "b-1", "unheard-of"])
    assert [(one.file, one.state, one.received_at) for one in got] == [
        (file("a"), FileState.CLAIMED, NOW),
        (file("b"), FileState.CLAIMED, NOW),
    ]
    assert {key: len(files) for key, files in ledger.open_batches().items()} == {"batch": 2}

    ledger.finish(lease, "batch")
    assert set(states(ledger).values()) == {FileState.DONE}
    assert ledger.open_batches() == {}
    assert ledger.claim(lease, "again", ["a-1"]) == []


def test_what_is_claimed_is_not_claimed_again(ledger: Ledger, lease: Lease) -> None:
    ledger.register([file("a"), file("b")], NOW)
    ledger.claim(lease, "first", ["a-1"])
    got = ledger.claim(lease, "second", ["a-1", "b-1"])
    assert [one.file.version for one in got] == ["b-1"]


def test_a_batch_that_is_given_back_waits_again(ledger: Ledger, lease: Lease) -> None:
    ledger.register([file("a")], NOW)
    ledger.claim(lease, "first", ["a-1"])
    ledger.release_claims(lease, "first")
    assert states(ledger) == {"a-1": FileState.RECEIVED}
    assert [one.batch_id for one in ledger.claim(lease, "second", ["a-1"])] == ["second"]


def test_a_file_that_failed_says_why_and_is_tried_again(ledger: Ledger, lease: Lease) -> None:
    ledger.register([file("a"), file("b"), file("c")], NOW)
    ledger.claim(lease, "first", ["a-1", "b-1"])
    ledger.fail(lease, {"a-1": "It can't be opened.", "c-1": "It vanished."})
    ledger.finish(lease, "first")

    failed = {entry.file.version: entry.reason for entry in ledger.files(FileState.FAILED)}
    assert failed == {"a-1": "It can't be opened.", "c-1": "It vanished."}
    again = ledger.claim(lease, "second", ["a-1", "b-1"])
    assert [(one.file.version, one.reason) for one in again] == [("a-1", "")]


def test_what_is_done_does_not_fail_any_more(ledger: Ledger, lease: Lease) -> None:
    ledger.register([file("a")], NOW)
    ledger.claim(lease, "first", ["a-1"])
    ledger.finish(lease, "first")
    ledger.fail(lease, {"a-1": "Too late."})
    assert states(ledger) == {"a-1": FileState.DONE}


def test_a_version_that_nobody_received_does_not_fail(ledger: Ledger, lease: Lease) -> None:
    ledger.fail(lease, {"unheard-of": "It vanished."})
    assert ledger.counts() == {}


@pytest.mark.parametrize("former", ["received", "claimed", "failed"])
def test_a_version_that_is_gone_waits_for_nothing(ledger: Ledger, lease: Lease, former: str) -> None:
    ledger.register([file("a"), file("b")], NOW)
    if former == "claimed":
        ledger.claim(lease, "batch", ["a-1"])
    if former == "failed":
        ledger.fail(lease, {"a-1": "It can't be opened."})
    ledger.mark_gone(lease, {"a-1": "It was overwritten.", "unheard-of": "It was deleted."})

    assert states(ledger) == {"a-1": FileState.GONE, "b-1": FileState.RECEIVED}
    assert [entry.reason for entry in ledger.files(FileState.GONE)] == ["It was overwritten."]
    ledger.finish(lease, "batch")
    ledger.release_claims(lease, "batch")
    ledger.fail(lease, {"a-1": "It can't be opened."})
    assert ledger.claim(lease, "again", ["a-1"]) == []
    assert states(ledger)["a-1"] == FileState.GONE


def test_a_version_that_comes_back_is_received_anew(ledger: Ledger, lease: Lease) -> None:
    ledger.register([file("a"), file("b")], NOW)
    ledger.claim(lease, "batch", ["a-1", "b-1"])
    ledger.mark_gone(lease, {"a-1": "It was overwritten."})
    ledger.finish(lease, "batch")
    assert ledger.unknown([file("a"), file("b")]) == [file("a")]

    assert ledger.register([file("a"), file("b")], LATER) == 1
    (entry,) = ledger.files(FileState.RECEIVED)
    assert (entry.file, entry.received_at, entry.reason, entry.batch_id) == (file("a"), LATER, "", "")
    assert ledger.unknown([file("a"), file("b")]) == []
    assert [one.file.version for one in ledger.claim(lease, "second", ["a-1"])] == ["a-1"]


def test_what_is_done_is_not_gone_any_more(ledger: Ledger, lease: Lease) -> None:
    ledger.register([file("a")], NOW)
    ledger.claim(lease, "first", ["a-1"])
    ledger.finish(lease, "first")
    ledger.mark_gone(lease, {"a-1": "Archived after it was read."})
    assert states(ledger) == {"a-1": FileState.DONE}
    assert ledger.register([file("a")], LATER) == 0


def test_a_state_is_counted_and_its_oldest_version_found_alone(ledger: Ledger, lease: Lease) -> None:
    assert ledger.oldest(FileState.RECEIVED) is None
    ledger.register([file("z")], NOW)
    ledger.register([file("a"), file("b"), file("c")], LATER)
    ledger.fail(lease, {"z-1": "It can't be opened."})
    assert ledger.counts(FileState.RECEIVED) == {FileState.RECEIVED: 3}
    assert ledger.counts(FileState.CLAIMED, FileState.FAILED) == {FileState.FAILED: 1}
    assert (ledger.oldest(FileState.RECEIVED), ledger.oldest(FileState.FAILED)) == (LATER, NOW)


def test_each_source_has_its_newest_file(ledger: Ledger, lease: Lease) -> None:
    assert ledger.newest_by_source() == {}
    north, south = (replace(file(name), source=name) for name in ("north", "south=1"))
    ledger.register([north, south], NOW)
    ledger.register([north, replace(south, version="south-2")], LATER)
    ledger.claim(lease, "first", [north.version])
    ledger.finish(lease, "first")
    assert ledger.newest_by_source() == {"north": NOW, "south=1": LATER}
    ledger.register(
        [replace(north, version="north-0")], NOW - timedelta(hours=1)
    )  # an old message, delivered late
    assert ledger.newest_by_source() == {"north": NOW, "south=1": LATER}


def test_a_listing_of_any_length_is_kept_whole(ledger: Ledger, lease: Lease) -> None:
    files = [replace(file(f"{number:05}"), path=f"in/{'x' * 2000}/{number:05}") for number in range(MANY)]
    assert ledger.register(files, NOW) == MANY
    assert ledger.unknown([*files, file("new")]) == [file("new")]
    claimed = [one.version for one in files[:CLAIMED]]
    assert [entry.file for entry in ledger.claim(lease, "batch", claimed)] == files[:CLAIMED]
    ledger.finish(lease, "batch")
    assert ledger.counts() == {FileState.DONE: CLAIMED, FileState.RECEIVED: MANY - CLAIMED}
    assert [entry.file for entry in ledger.files(FileState.RECEIVED)] == files[CLAIMED:]
    assert [entry.file for entry in ledger.files()] == files


def together(*tasks: Callable[[], object]) -> None:
    threads = [threading.Thread(target=task) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_threads_that_register_the_same_files_at_once_count_each_once(open_store: Opener) -> None:
    files = [file(f"{number:03}") for number in range(250)]
    counts: list[int] = []
    ledgers = [open_store() for _ in range(3)]
    together(*(lambda one=one: counts.append(one.register(files, NOW)) for one in ledgers))
    assert sum(counts) == len(files)
    assert ledgers[0].counts() == {FileState.RECEIVED: len(files)}


def test_a_ledger_is_used_by_several_threads(ledger: Ledger, lease: Lease) -> None:
    renewed: list[Lease] = []

    def write() -> None:
        for number in range(10):
            ledger.set_state(lease, f"state-{number}", {"number": number})

    together(write, *[lambda: renewed.append(ledger.renew(lease, LATER))] * 5, write)
    assert len(renewed) == 5
    assert [ledger.state(f"state-{number}") for number in range(10)] == [{"number": n} for n in range(10)]


def test_a_second_writer_learns_who_is_writing(
    open_store: Opener, living: Living, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("metriccare.lake.ledger.lease.PATIENCE_SECONDS", 0.1)
    open_store().acquire("silver", living("run-1"), NOW)
    sentence = r"silver .* by run run-1 \(process \d+ on .*, since 2026-11-01 12:00 UTC\): wait .* shut down"
    with pytest.raises(StageBusyError, match=sentence):
        open_store().acquire("silver", this_process("run-2"), NOW)
    assert open_store().acquire("gold", this_process("run-2"), NOW).token == 1


def test_a_lease_that_is_given_back_is_free(open_store: Opener, living: Living) -> None:
    first, second = open_store(), open_store()
    lease = first.acquire("silver", living("run-1"), NOW)
    first.release(lease)
    assert second.holders() == []
    assert second.acquire("silver", this_process("run-2"), NOW).token == lease.token + 1


@pytest.mark.parametrize("run_id", ["run-1", "run-2"])
def test_the_same_process_may_begin_again(ledger: Ledger, run_id: str) -> None:
    first = ledger.acquire("silver", this_process("run-1"), NOW)
    second = ledger.acquire("silver", this_process(run_id), NOW)
    assert second.token > first.token
    with pytest.raises(LeaseLostError):
        ledger.check(first)
    ledger.check(second)


CHILD = """
import sys
from datetime import UTC, datetime
from metriccare.lake.ledger import FileVersion, open_ledger, this_process
from metriccare.settings import Lake
ledger = open_ledger(Lake(sys.argv[1]), sys.argv[2])
lease = ledger.acquire("bronze", this_process("killed"), datetime.now(UTC))
ledger.register([FileVersion("a-1", "in/a.ndjson", "default", 10)], datetime.now(UTC))
ledger.claim(lease, "batch", ["a-1"])
print("ready", flush=True)
sys.stdin.read()
"""


def child(script: str, *arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", script, *arguments]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def said(one: subprocess.Popen[bytes]) -> str:
    assert one.stdout is not None
    return one.stdout.readline().decode().strip()


def test_a_killed_process_holds_nothing(open_store: Opener, store: str, tmp_path: Path) -> None:
    other = child(CHILD, str(tmp_path), store)
    assert said(other) == "ready"
    ledger = open_store()
    threading.Timer(
        0.5, other.kill
    ).start()  # a kernel outlives its parent by a moment; nobody reaps this one

    lease = ledger.acquire("bronze", this_process("run-2"), datetime.now(UTC))
    assert other.wait() == -9
    assert lease.token == 2
    assert list(ledger.open_batches()) == ["batch"]
    assert (
        ledger.claim(lease, "run-2", ["a-1"]) == []
    )  # nothing is stolen: the stage looks at the table first
    ledger.release_claims(lease, "batch")
    assert len(ledger.claim(lease, "run-2", ["a-1"])) == 1


def test_a_lease_of_another_machine_is_free_when_its_time_is_over(
    open_store: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("metriccare.lake.ledger.lease.PATIENCE_SECONDS", 0.1)
    there, here = open_store(), open_store()
    lease = there.acquire("bronze", ELSEWHERE, NOW)
    with pytest.raises(StageBusyError):
        here.acquire("bronze", this_process("run-2"), NOW + timedelta(minutes=14))
    renewed = there.renew(lease, NOW + timedelta(minutes=14))
    with pytest.raises(StageBusyError):
        here.acquire("bronze", this_process("run-2"), NOW + timedelta(minutes=16))
    assert here.acquire("bronze", this_process("run-2"), renewed.expires_at).token == 2
    with pytest.raises(LeaseLostError):
        there.renew(renewed, LATER)


ABROAD = """
import socket, sys
from datetime import UTC, datetime
socket.gethostname = lambda: "another-driver"
from metriccare.lake.ledger import open_ledger, this_process
from metriccare.settings import Lake
ledger = open_ledger(Lake(sys.argv[1]), sys.argv[2])
ledger.acquire("bronze", this_process("wr_1"), datetime.now(UTC))
print("ready", flush=True)
sys.stdin.read()
"""


def test_the_retry_of_a_killed_driver_takes_its_lease_and_no_other_run_does(
    open_store: Opener, store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Glue starts the retry at once, on another machine: nobody can ask there whether the first attempt is alive."""
    monkeypatch.setattr("metriccare.lake.ledger.lease.PATIENCE_SECONDS", 0.1)
    driver = child(ABROAD, str(tmp_path), store)
    assert said(driver) == "ready"
    ledger = open_store()
    driver.kill()
    driver.wait()
    with pytest.raises(
        StageBusyError, match="run wr_1"
    ):  # a person who gives the id of the run is no retry of it
        ledger.acquire("bronze", this_process("wr_1"), datetime.now(UTC))
    monkeypatch.setenv(SOLE_RUN_VARIABLE, "wr_2")
    with pytest.raises(StageBusyError, match="run wr_1"):
        ledger.acquire("bronze", this_process("wr_2"), datetime.now(UTC))
    monkeypatch.setenv(SOLE_RUN_VARIABLE, "wr_1")
    assert ledger.acquire("bronze", this_process("wr_1"), datetime.now(UTC)).token == 2


def test_a_living_process_of_this_machine_keeps_its_lease_from_its_own_run(
    open_store: Opener, living: Living, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("metriccare.lake.ledger.lease.PATIENCE_SECONDS", 0.1)
    monkeypatch.setenv(SOLE_RUN_VARIABLE, "wr_1")
    open_store().acquire("bronze", living("wr_1"), NOW)
    with pytest.raises(StageBusyError):
        open_store().acquire("bronze", this_process("wr_1"), NOW)


@pytest.mark.parametrize(
    "write",
    [
        lambda ledger, lease: ledger.set_state(lease, "bronze", {"head": "2"}),
        lambda ledger, lease: ledger.claim(lease, "late", ["a-1"]),
        lambda ledger, lease: ledger.claim(lease, "late", []),
        lambda ledger, lease: ledger.finish(lease, "batch"),
        lambda ledger, lease: ledger.release_claims(lease, "batch"),
        lambda ledger, lease: ledger.fail(lease, {"a-1": "late", "b-1": "late"}),
        lambda ledger, lease: ledger.mark_gone(lease, {"a-1": "late", "b-1": "late"}),
        lambda ledger, lease: ledger.renew(lease, LATER),
        lambda ledger, lease: ledger.check(lease),
    ],
)
def test_who_was_taken_over_writes_nothing_any_more(
    open_store: Opener, write: Callable[[Ledger, Lease], object]
) -> None:
    late, now = open_store(), open_store()
    lease = late.acquire("bronze", ELSEWHERE, NOW)
    late.register([file("a"), file("b")], NOW)
    late.claim(lease, "batch", ["b-1"])
    late.set_state(lease, "bronze", {"head": "1"})
    now.acquire("bronze", this_process("run-2"), LATER)

    with pytest.raises(LeaseLostError, match="taken over the stage bronze from run run-9"):
        write(late, lease)
    assert now.state("bronze") == {"head": "1"}
    assert states(now) == {"a-1": FileState.RECEIVED, "b-1": FileState.CLAIMED}
    late.release(lease)
    assert [one.owner.run_id for one in now.holders()] == ["run-2"]


def test_of_many_threads_that_want_a_stage_one_gets_it(
    open_store: Opener, living: Living, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("metriccare.lake.ledger.lease.PATIENCE_SECONDS", 0.3)
    tokens: list[int] = []
    refused: list[Exception] = []

    def want(one: Ledger, owner: Owner) -> None:
        try:
            tokens.append(one.acquire("gold", owner, NOW).token)
        except StageBusyError as error:
            refused.append(error)

    both = [(open_store(), living(f"run-{number}")) for number in range(4)]
    together(*(lambda pair=pair: want(*pair) for pair in both))
    assert tokens == [1]
    assert len(refused) == 3


RACER = """
import sys
from datetime import UTC, datetime
from metriccare.errors import StageBusyError
from metriccare.lake.ledger import FileVersion, lease, open_ledger, this_process
from metriccare.settings import Lake
lease.PATIENCE_SECONDS = 0.2
files = [FileVersion(f"v{n}", f"in/{n}.ndjson", "default", 10) for n in range(150)]
print("ready", flush=True)
sys.stdin.readline()
ledger = open_ledger(Lake(sys.argv[1]), sys.argv[2])
try:
    got = str(ledger.acquire("gold", this_process(sys.argv[3]), datetime.now(UTC)).token)
except StageBusyError:
    got = "busy"
print(ledger.register(files, datetime.now(UTC)), got, flush=True)
sys.stdin.read()
"""


def test_of_many_processes_one_gets_the_stage_and_each_file_counts_once(store: str, tmp_path: Path) -> None:
    children = [child(RACER, str(tmp_path), store, f"run-{number}") for number in range(3)]
    assert [said(one) for one in children] == ["ready"] * 3
    for one in children:
        one.stdin.write(b"go\n")  # type: ignore[union-attr]
        one.stdin.flush()  # type: ignore[union-attr]
    answers = [said(one).split() for one in children]
    for one in children:
        one.communicate()
    assert sum(int(count) for count, _ in answers) == 150
    assert sorted(got for _, got in answers) == ["1", "busy", "busy"]


def test_a_state_is_kept_as_it_was_set(ledger: Ledger, lease: Lease) -> None:
    assert ledger.state("bronze") == {}
    value = {"head": "20261101", "rules": {"the time zone": "Europe/Zürich"}, "moving": ["2026-01-01"]}
    ledger.set_state(lease, "bronze", value)
    assert ledger.state("bronze") == value
    ledger.set_state(lease, "bronze", {"head": "20261102"})
    assert ledger.state("bronze") == {"head": "20261102"}


def test_runs_are_listed_the_newest_first(ledger: Ledger) -> None:
    for number in range(12):
        ledger.start_run(RunEntry(f"run-{number}", NOW + timedelta(minutes=number)))
    ledger.end_run("run-11", LATER, "failed", "The disk is full.")

    newest, *others = ledger.runs()
    assert newest == RunEntry("run-11", NOW + timedelta(minutes=11), LATER, "failed", "The disk is full.")
    assert [run.run_id for run in others] == [f"run-{number}" for number in range(10, 1, -1)]
    assert others[0].status == "running" and others[0].ended_at is None


def test_the_states_of_quarantined_records_are_kept(ledger: Ledger) -> None:
    entry = QuarantineEntry("a-1", "120", QuarantineState.DISMISSED, "A test message.", NOW)
    ledger.set_quarantine([entry, replace(entry, position="7")])
    ledger.set_quarantine([replace(entry, state=QuarantineState.REPLAYED, changed_at=LATER)])
    found = {one.position: one.state for one in ledger.quarantine()}
    assert found == {"120": QuarantineState.REPLAYED, "7": QuarantineState.DISMISSED}


def test_lakes_that_share_a_store_do_not_meet(open_store: Opener, store: str, tmp_path: Path) -> None:
    open_store().register([file("a")], NOW)
    other = store and f"{store}/other"
    elsewhere = open_ledger(Lake(str(tmp_path / "other")), other)
    assert elsewhere.counts() == {}
    elsewhere.close()


def test_a_waiting_writer_gets_a_stage_that_becomes_free(open_store: Opener, living: Living) -> None:
    first, second = open_store(), open_store()
    lease = first.acquire("silver", living("run-1"), NOW)
    threading.Timer(0.4, first.release, (lease,)).start()
    begun = time.monotonic()
    assert second.acquire("silver", this_process("run-2"), NOW).token == 2
    assert time.monotonic() - begun < 3
