"""One raw line: accepted unchanged, or quarantined with a reason."""

import base64
import hashlib
import json

import pytest

from metriccare.bronze import classify, reclassify
from metriccare.fhir.ndjson import RawLine

PATIENT = b'{"resourceType": "Patient", "id": "p1"}'


def record(text: bytes) -> dict[str, object]:
    (found,) = classify(RawLine(0, text))
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
def test_what_is_not_a_resource_is_quarantined_with_a_reason(text: bytes, reason_code: str) -> None:
    found = record(text)
    assert found["resource_type"] == "_quarantine"
    assert found["reason_code"] == reason_code
    assert str(found["reason"]).strip()
    assert found["resource_id"] is None


def test_the_unreadable_rest_of_a_file_is_one_quarantined_record() -> None:
    (found,) = classify(RawLine(99, b"", "unreadable", "the compressed file is truncated or corrupt here"))
    assert found["position"] == "99"
    assert (found["resource_type"], found["reason_code"]) == ("_quarantine", "unreadable")
    assert "truncated or corrupt here" in str(found["reason"])


@pytest.mark.parametrize("text", [b"", b"  ", b"\t", b"\r"])
def test_a_blank_line_is_not_a_record(text: bytes) -> None:
    assert classify(RawLine(0, text)) == []


def test_a_resource_is_accepted_with_its_type_id_and_version() -> None:
    meta = {"lastUpdated": "2025-03-01T10:00:00Z", "versionId": "3"}
    text = json.dumps({"resourceType": "Encounter", "id": "e1", "meta": meta}).encode()
    (found,) = classify(RawLine(120, text))
    assert found["position"] == "120"
    assert found["resource_type"] == "Encounter"
    assert found["resource_id"] == "e1"
    assert found["last_updated"] == "2025-03-01T10:00:00Z"
    assert found["version_id"] == "3"
    assert found["reason_code"] is None
    assert found["reason"] is None


@pytest.mark.parametrize("meta", [None, {}, {"lastUpdated": None}, {"lastUpdated": " ", "versionId": ""}])
def test_a_resource_without_a_usable_timestamp_is_accepted(meta: object) -> None:
    found = record(json.dumps({"resourceType": "Patient", "id": "p1", "meta": meta}).encode())
    assert (found["resource_id"], found["last_updated"], found["version_id"]) == ("p1", None, None)


@pytest.mark.parametrize("text", [PATIENT, b'  {"id":"p1",\t"resourceType" : "Patient"} ', "ü ".encode()])
def test_the_body_is_the_text_unchanged(text: bytes) -> None:
    found = record(text)
    assert found["body"] == text.decode()
    assert found["body_encoding"] == "utf-8"
    assert found["body_sha256"] == hashlib.sha256(text).hexdigest()


def test_a_text_that_is_not_utf8_is_kept_in_base64() -> None:
    text = b'{"name": "M\xfcller"}'
    found = record(text)
    assert found["body_encoding"] == "base64"
    assert base64.b64decode(str(found["body"])) == text
    assert found["body_sha256"] == hashlib.sha256(text).hexdigest()


@pytest.mark.parametrize(
    "text", [b'{"resourceType": "Observation", "id": "o1"}', b'{"resourceType": "Parameters"}']
)
def test_a_resource_of_another_type_is_skipped_not_quarantined(text: bytes) -> None:
    found = record(text)
    assert found["resource_type"] == json.loads(text)["resourceType"]
    assert found["reason_code"] is None


@pytest.mark.parametrize(
    ("text", "resource_type"),
    [
        (b'{"transactionTime": "t", "request": "r", "requiresAccessToken": true, "output": []}', "_manifest"),
        (b'{"exportId": "e", "timestamp": "t", "eventId": "kickoff", "eventDetail": {}}', "_log"),
    ],
)
def test_files_about_the_export_are_counted_not_quarantined(text: bytes, resource_type: str) -> None:
    found = record(text)
    assert (found["resource_type"], found["reason_code"], found["resource_id"]) == (resource_type, None, None)
    assert found["body"] == text.decode()


def test_what_is_too_large_is_kept_with_the_reason() -> None:
    (found,) = classify(RawLine(64, b'{"resourceType": "Pat', "document_too_large", "a part"))
    assert (found["position"], found["reason_code"]) == ("64", "document_too_large")
    assert found["body"] == '{"resourceType": "Pat'


LONG = {
    "an attachment": {"photo": [{"data": "A" * 17_000_000}]},
    "a name": {"x" * 60_000: 1},
}


@pytest.mark.parametrize("extra", LONG.values(), ids=LONG.keys())
def test_a_resource_that_spark_could_not_read_is_reduced_to_the_fields_that_are_read(
    extra: dict[str, object],
) -> None:
    text = json.dumps({"resourceType": "Patient", "id": "p1", "gender": "male", "name": [], **extra}).encode()
    found = record(text)
    assert found["body"] == text.decode()
    assert json.loads(str(found["resource"])) == {"resourceType": "Patient", "id": "p1", "gender": "male"}


def test_a_number_of_a_thousand_digits_is_dropped_too() -> None:
    text = b'{"resourceType": "Patient", "id": "p1", "multipleBirthInteger": 1.%s}' % (b"1" * 1200)
    assert record(text)["resource"] == '{"resourceType":"Patient","id":"p1"}'


@pytest.mark.parametrize(
    "bundle", [None, '{"type": "batch", "stamp": "2025-01-01", "ids": {"urn:uuid:u": "Patient/p"}}']
)
def test_a_quarantined_record_can_be_classified_again(bundle: str | None) -> None:
    encounter = b'{"resourceType": "Encounter", "id": "e", "subject": {"reference": "urn:uuid:u"}}'
    text = encounter if bundle is None else b'{"resource": %s}' % encounter
    (found,) = reclassify("7", text, bundle)
    assert (found["position"], found["resource_type"], found["resource_id"]) == ("7", "Encounter", "e")
    assert (found["body"], found["bundle"]) == (text.decode(), bundle)
    if bundle:
        assert json.loads(str(found["resource"]))["subject"]["reference"] == "Patient/p"


def test_a_bundle_quarantined_whole_gives_its_entries_when_classified_again() -> None:
    text = b'{"resourceType": "Bundle", "type": "batch", "entry": [{"resource": %s}, 3]}' % PATIENT
    assert reclassify("9", text, None) == classify(RawLine(9, text))
    assert [one["position"] for one in reclassify("9", text, None)] == ["9/entry[0]", "9/entry[1]"]
