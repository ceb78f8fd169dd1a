"""One line of input: taken as it is, or kept with the reason why not."""

import base64
import hashlib
import json

import pytest

from metriccare.bronze import classify
from metriccare.raw import Line

PATIENT = b'{"resourceType": "Patient", "id": "p1"}'


def piece(text: bytes) -> dict[str, object]:
    (found,) = classify(Line(0, text))
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
        (b'{"resourceType": "Bundle", "id": "b1", "type": "collection"}', "bundle_not_supported"),
    ],
)
def test_what_is_no_resource_goes_to_quarantine_with_a_reason(text: bytes, reason_code: str) -> None:
    found = piece(text)
    assert found["resource_type"] == "_quarantine"
    assert found["reason_code"] == reason_code
    assert str(found["reason"]).strip()
    assert found["resource_id"] is None


def test_the_rest_of_a_file_that_cannot_be_read_is_one_piece_of_quarantine() -> None:
    (found,) = classify(Line(99, b"", problem="the compressed file breaks off here"))
    assert found["position"] == "99"
    assert (found["resource_type"], found["reason_code"]) == ("_quarantine", "unreadable")
    assert "breaks off here" in str(found["reason"])


@pytest.mark.parametrize("text", [b"", b"  ", b"\t", b"\r"])
def test_a_blank_line_is_no_piece(text: bytes) -> None:
    assert classify(Line(0, text)) == []


def test_a_resource_is_taken_with_its_type_id_and_version() -> None:
    meta = {"lastUpdated": "2025-03-01T10:00:00Z", "versionId": "3"}
    text = json.dumps({"resourceType": "Encounter", "id": "e1", "meta": meta}).encode()
    (found,) = classify(Line(120, text))
    assert found["position"] == "120"
    assert found["resource_type"] == "Encounter"
    assert found["resource_id"] == "e1"
    assert found["last_updated"] == "2025-03-01T10:00:00Z"
    assert found["version_id"] == "3"
    assert found["reason_code"] is None
    assert found["reason"] is None


@pytest.mark.parametrize("meta", [None, [], "x", {}, {"lastUpdated": 7, "versionId": 3}])
def test_a_resource_without_a_usable_stamp_is_taken(meta: object) -> None:
    found = piece(json.dumps({"resourceType": "Patient", "id": "p1", "meta": meta}).encode())
    assert (found["resource_id"], found["last_updated"], found["version_id"]) == ("p1", None, None)


@pytest.mark.parametrize(
    "text", [PATIENT, b'  {"id":"p1",\t"resourceType" : "Patient", "id": "p1"} ', "ü ".encode()]
)
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
def test_a_resource_of_another_type_is_passed_over_not_refused(text: bytes) -> None:
    found = piece(text)
    assert found["resource_type"] == json.loads(text)["resourceType"]
    assert found["reason_code"] is None
