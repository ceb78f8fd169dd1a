"""What people and programs see of quarantined records."""

import io
import json
from dataclasses import replace

from tests.pipeline.quarantine.records import RECEIVED, record

from metriccare.definitions.rejection_reasons import REASONS, REMEDIES
from metriccare.lake.ledger import QuarantineState
from metriccare.pipeline.quarantine.choose import short_ids
from metriccare.pipeline.quarantine.reasons import counts_in_words
from metriccare.pipeline.quarantine.text import readable
from metriccare.reporting import quarantine
from metriccare.reporting.terminal import Terminal

RECORDS = [
    record("7"),
    record("90", reason_code="no_id"),
    record("190", "cccc1111dddd2222", file="/raw/[red]\x1b[2J.ndjson"),
]
TEXTS = {one.id: readable("x" * 1_234, "utf-8") for one in RECORDS}
DISMISSED = replace(RECORDS[0], state=QuarantineState.DISMISSED, state_reason="A test.", changed_at=RECEIVED)


def printed(draw: object, *arguments: object) -> str:
    text = io.StringIO()
    draw(Terminal(file=text, width=120), *arguments)  # type: ignore[operator]
    return text.getvalue()


def test_a_list_names_each_file_its_records_and_the_totals_by_reason() -> None:
    assert printed(quarantine.show_list, RECORDS, RECORDS[:2], TEXTS, short_ids(RECORDS)).splitlines() == [
        "/raw/source=west/a.ndjson (source west, received 2026-11-01 12:00 UTC)",
        "  aaaa1111:7   not_json, 1,234 bytes",
        "  aaaa1111:90  no_id, 1,234 bytes",
        "",
        "3 records (2 shown): not_json 2, no_id 1",
    ]


def test_a_list_of_nothing_says_so() -> None:
    assert printed(quarantine.show_list, [], [], {}, {}) == "No quarantined records match.\n"


def test_the_name_of_a_file_is_shown_as_it_is_and_steers_nothing() -> None:
    text = printed(quarantine.show_list, RECORDS, RECORDS, TEXTS, short_ids(RECORDS))
    assert r"/raw/[red]\x1b[2J.ndjson (source" in text


def test_a_list_as_json_has_the_whole_ids_and_all_totals() -> None:
    found = json.loads(quarantine.list_as_json(RECORDS, RECORDS[1:2], TEXTS))
    assert (found["total"], found["by_reason"]) == (3, {"not_json": 2, "no_id": 1})
    (shown,) = found["records"]
    assert (shown["id"], shown["size"], shown["state"]) == ("aaaa1111bbbb2222:90", 1_234, "open")
    assert (shown["received_at"], shown["changed_at"]) == ("2026-11-01T12:00:00+00:00", None)


def test_one_record_is_shown_with_where_why_what_to_do_and_what_became_of_it() -> None:
    text = printed(
        quarantine.show_record, DISMISSED, readable("a\x1b[2J" + "b" * 9, "utf-8"), "Ask the sender.", 6
    )
    assert text.splitlines() == [
        "Record:     aaaa1111bbbb2222:7",
        "Source:     west",
        "File:       /raw/source=west/a.ndjson",
        "Position:   7",
        "Received:   2026-11-01 12:00 UTC, batch run-1",
        "Reason:     not_json: The line is no complete JSON value: unexpected end.",
        "What to do: Ask the sender.",
        "State:      dismissed on 2026-11-01 12:00 UTC: A test.",
        "",
        "Text, 14 bytes:",
        r"a\x1b[2Jb… (8 characters more: --full shows them)",
    ]


def test_one_record_as_json_has_its_text() -> None:
    found = json.loads(quarantine.record_as_json(RECORDS[0], readable("/w==", "base64"), "Ask."))
    assert (found["text"], found["is_utf8"], found["size"], found["remedy"]) == (r"\xff", False, 1, "Ask.")


def test_reasons_are_listed_the_most_frequent_first() -> None:
    counts = {"no_id": 2, "not_json": 3, "not_utf8": 2}
    assert counts_in_words(counts) == "not_json 3, no_id 2, not_utf8 2"
    assert counts_in_words(counts, 2) == "not_json 3, no_id 2, …"
    assert counts_in_words(counts, 3) == "not_json 3, no_id 2, not_utf8 2"


def test_there_is_something_to_do_about_every_reason() -> None:
    assert REMEDIES.keys() == REASONS.keys()
    assert all(text.endswith(".") for text in REMEDIES.values())
