"""One text of input: taken as it is, or kept with the reason why not."""

import base64
import hashlib
import json

import pytest

from metriccare.bronze import classify, reread
from metriccare.fhir.ndjson import Text

PATIENT = b'{"resourceType": "Patient", "id": "p1"}'


def piece(text: bytes) -> dict[str, object]:
    (found,) = classify(Text(0, text))
    return found


@pytest.mark.parametrize(
    ("text", "reason_code"),
    [
        (b'{"resourceType": "Patient", "id": "\xff"}', "not_utf8"),
        (b'{"resourceType": "Patient", "id": "p1"', "not_json"),
        (PATIENT + PATIENT, "not_json"),
        (b'{"resourceType": "Patient", "id": "p1", "x": NaN}', "not_json"),
        (b"[" + PATIENT + b"]", "not_a_resource"),
        (b'"Patient"', "not_a_resource"),
        (b"null", "not_a_resource"),
        (b'{"id": "p1"}', "not_a_resource"),
        (b'{"resourceType": 7, "id": "p1"}', "not_a_resource"),
        (b'{"resourceType": "Patientt", "id": "p1"}', "unknown_resource_type"),
        (b'{"resourceType": "patient", "id": "p1"}', "unknown_resource_type"),
        (b'{"resourceType": "Patient"}', "no_id"),
        (b'{"resourceType": "Encounter", "id": " "}', "no_id"),
        (b'{"resourceType": "Condition", "id": 7}', "no_id"),
        (b'{"resourceType": "Organization", "id": null}', "no_id"),
        (b'{"resourceType": "Patient", "id": "p1", "id": "p2"}', "duplicate_key"),
        (b'{"resourceType": "Patient", "id": "p 1"}', "no_id"),
        (b'{"resourceType": "Patient", "id": "p\\u0000"}', "no_id"),
        (b'{"resourceType": "Patient", "id": "p1", "meta": "x"}', "wrong_type"),
        (b'{"resourceType": "Encounter", "id": "p1", "meta": []}', "wrong_type"),
        (b'{"resourceType": "Encounter", "id": "p1", "meta": {"lastUpdated": 7}}', "wrong_type"),
        (b'{"resourceType": "Patient", "id": "p1", "x": %s}' % (b"[" * 300 + b"]" * 300), "too_deep"),
        (b"[" * 100_000 + b"]" * 100_000, "too_deep"),
        (b"[" * 100_000, "too_deep"),
    ],
)
def test_what_is_no_resource_goes_to_quarantine_with_a_reason(text: bytes, reason_code: str) -> None:
    found = piece(text)
    assert found["resource_type"] == "_quarantine"
    assert found["reason_code"] == reason_code
    assert str(found["reason"]).strip()
    assert found["resource_id"] is None


def test_the_rest_of_a_file_that_cannot_be_read_is_one_piece_of_quarantine() -> None:
    (found,) = classify(Text(99, b"", "unreadable", "the compressed file breaks off here"))
    assert found["position"] == "99"
    assert (found["resource_type"], found["reason_code"]) == ("_quarantine", "unreadable")
    assert "breaks off here" in str(found["reason"])


@pytest.mark.parametrize("text", [b"", b"  ", b"\t", b"\r"])
def test_a_blank_line_is_no_piece(text: bytes) -> None:
    assert classify(Text(0, text)) == []


def test_a_resource_is_taken_with_its_type_id_and_version() -> None:
    meta = {"lastUpdated": "2025-03-01T10:00:00Z", "versionId": "3"}
    text = json.dumps({"resourceType": "Encounter", "id": "e1", "meta": meta}).encode()
    (found,) = classify(Text(120, text))
    assert found["position"] == "120"
    assert found["resource_type"] == "Encounter"
    assert found["resource_id"] == "e1"
    assert found["last_updated"] == "2025-03-01T10:00:00Z"
    assert found["version_id"] == "3"
    assert found["reason_code"] is None
    assert found["reason"] is None


@pytest.mark.parametrize("meta", [None, {}, {"lastUpdated": None}, {"lastUpdated": " ", "versionId": ""}])
def test_a_resource_without_a_usable_stamp_is_taken(meta: object) -> None:
    found = piece(json.dumps({"resourceType": "Patient", "id": "p1", "meta": meta}).encode())
    assert (found["resource_id"], found["last_updated"], found["version_id"]) == ("p1", None, None)


@pytest.mark.parametrize("text", [PATIENT, b'  {"id":"p1",\t"resourceType" : "Patient"} ', "ü ".encode()])
def test_the_body_is_the_text_unchanged(text: bytes) -> None:
    found = piece(text)
    assert found["body"] == text.decode()
    assert found["body_encoding"] == "utf-8"
    assert found["body_sha256"] == hashlib.sha256(text).hexdigest()


def test_a_text_that_is_not_utf8_is_kept_in_base64() -> None:
    text = b'{"name": "M\xfcller"}'
    found = piece(text)
    assert found["body_encoding"] == "base64"
    assert base64.b64decode(str(found["body"])) == text
    assert found["body_sha256"] == hashlib.sha256(text).hexdigest()


@pytest.mark.parametrize(
    "text", [b'{"resourceType": "Observation", "id": "o1"}', b'{"resourceType": "Parameters"}']
)
def test_a_resource_of_another_type_is_skipped_not_refused(text: bytes) -> None:
    found = piece(text)
    assert found["resource_type"] == json.loads(text)["resourceType"]
    assert found["reason_code"] is None


@pytest.mark.parametrize(
    ("text", "resource_type"),
    [
        (b'{"transactionTime": "t", "request": "r", "requiresAccessToken": true, "output": []}', "_manifest"),
        (b'{"exportId": "e", "timestamp": "t", "eventId": "kickoff", "eventDetail": {}}', "_log"),
    ],
)
def test_what_an_export_tells_of_itself_is_counted_not_refused(text: bytes, resource_type: str) -> None:
    found = piece(text)
    assert (found["resource_type"], found["reason_code"], found["resource_id"]) == (resource_type, None, None)
    assert found["body"] == text.decode()


def test_what_is_too_large_is_kept_with_the_reason() -> None:
    (found,) = classify(Text(64, b'{"resourceType": "Pat', "document_too_large", "a part"))
    assert (found["position"], found["reason_code"]) == ("64", "document_too_large")
    assert found["body"] == '{"resourceType": "Pat'


LONG = {
    "an attachment": {"photo": [{"data": "A" * 17_000_000}]},
    "a name": {"x" * 60_000: 1},
}


@pytest.mark.parametrize("extra", LONG.values(), ids=LONG.keys())
def test_what_spark_could_not_read_is_cut_down_to_what_is_read(extra: dict[str, object]) -> None:
    text = json.dumps({"resourceType": "Patient", "id": "p1", "gender": "male", "name": [], **extra}).encode()
    found = piece(text)
    assert found["body"] == text.decode()
    assert json.loads(str(found["resource"])) == {"resourceType": "Patient", "id": "p1", "gender": "male"}


def test_a_number_of_a_thousand_digits_is_cut_away_too() -> None:
    text = b'{"resourceType": "Patient", "id": "p1", "multipleBirthInteger": 1.%s}' % (b"1" * 1200)
    assert piece(text)["resource"] == '{"resourceType":"Patient","id":"p1"}'


@pytest.mark.parametrize(
    "bundle", [None, '{"type": "batch", "stamp": "2025-01-01", "ids": {"urn:uuid:u": "Patient/p"}}']
)
def test_what_was_refused_can_be_read_once_more_as_if_it_came_now(bundle: str | None) -> None:
    encounter = b'{"resourceType": "Encounter", "id": "e", "subject": {"reference": "urn:uuid:u"}}'
    text = encounter if bundle is None else b'{"resource": %s}' % encounter
    (found,) = reread("7", text, bundle)
    assert (found["position"], found["resource_type"], found["resource_id"]) == ("7", "Encounter", "e")
    assert (found["body"], found["bundle"]) == (text.decode(), bundle)
    if bundle:
        assert json.loads(str(found["resource"]))["subject"]["reference"] == "Patient/p"


def test_a_bundle_that_was_refused_whole_gives_its_entries_when_it_is_read_once_more() -> None:
    text = b'{"resourceType": "Bundle", "type": "batch", "entry": [{"resource": %s}, 3]}' % PATIENT
    assert reread("9", text, None) == classify(Text(9, text))
    assert [one["position"] for one in reread("9", text, None)] == ["9/entry[0]", "9/entry[1]"]
