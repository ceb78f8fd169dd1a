"""Bundles of deletions, as a bulk export writes them: one record per deleted resource, or none of it."""

import hashlib
import json
from typing import Any

import pytest

from metriccare.bronze import classify
from metriccare.raw import Line

LINE = (
    '{"resourceType": "Bundle", "type":"transaction", "meta": {"lastUpdated": "2025-03-02T00:00:00Z"},\n'
    '"entry": [ {"request": {"method": "DELETE","url":"Patient/p1"} },'
    ' {"request": {"url": "Observation/o-1", "method": "DELETE"}, "note": "a ] and a } , and \\"ü\\""} ]}'
)


def entry(url: Any = "Patient/p1", method: str = "DELETE", **fields: Any) -> dict[str, Any]:
    return {"request": {"method": method, "url": url}, **fields}


def bundle(*entries: Any, type: str = "transaction", **fields: Any) -> bytes:
    return json.dumps({"resourceType": "Bundle", "type": type, "entry": list(entries), **fields}).encode()


def test_each_deletion_is_a_record_with_the_text_of_its_entry() -> None:
    found = classify(Line(700, LINE.encode()))
    assert [(one["position"], one["resource_type"], one["resource_id"]) for one in found] == [
        ("700/entry[0]", "Patient", "p1"),
        ("700/entry[1]", "Observation", "o-1"),
    ]
    assert [one["body"] for one in found] == [
        '{"request": {"method": "DELETE","url":"Patient/p1"} }',
        '{"request": {"url": "Observation/o-1", "method": "DELETE"}, "note": "a ] and a } , and \\"ü\\""}',
    ]
    for one in found:
        assert one["body_sha256"] == hashlib.sha256(str(one["body"]).encode()).hexdigest()
        assert (one["reason_code"], one["version_id"]) == (None, None)


STAMPED = entry(response={"status": "204", "lastModified": "2025-03-01T00:00:00Z"})


@pytest.mark.parametrize(
    ("text", "last_updated"),
    [
        (bundle(STAMPED, meta={"lastUpdated": "m"}, timestamp="t"), "2025-03-01T00:00:00Z"),
        (bundle(entry(), meta={"lastUpdated": "m"}, timestamp="t"), "m"),
        (bundle(entry(response={"lastModified": 7}), meta={"lastUpdated": " "}, timestamp="t"), "t"),
        (bundle(entry(response="204"), meta=[], timestamp=7), None),
        (bundle(entry()), None),
    ],
)
def test_a_deletion_is_stamped_by_its_entry_else_by_its_bundle(text: bytes, last_updated: str | None) -> None:
    (found,) = classify(Line(0, text))
    assert found["last_updated"] == last_updated


def test_a_batch_deletes_as_a_transaction_does() -> None:
    (found,) = classify(Line(0, bundle(entry("Encounter/e_1.x"), type="batch")))
    assert (found["resource_type"], found["resource_id"]) == ("Encounter", "e_1.x")


@pytest.mark.parametrize(
    ("text", "reason_code"),
    [
        (bundle(entry("Patient?identifier=s|x")), "conditional_delete"),
        (bundle(entry(), entry("Patient?identifier=s|x")), "conditional_delete"),
        (bundle(entry(), entry(method="PUT")), "bundle_not_supported"),
        (bundle(entry(method="PUT"), entry("Patient?identifier=s|x")), "bundle_not_supported"),
        (bundle(entry(method="delete")), "bundle_not_supported"),
        (bundle(entry("Patient")), "bundle_not_supported"),
        (bundle(entry("Patient/")), "bundle_not_supported"),
        (bundle(entry("Patient/p1/_history/2")), "bundle_not_supported"),
        (bundle(entry("https://x.example/fhir/Patient/p1")), "bundle_not_supported"),
        (bundle(entry(None)), "bundle_not_supported"),
        (bundle("Patient/p1"), "bundle_not_supported"),
        (bundle({"request": "DELETE"}), "bundle_not_supported"),
        (bundle(), "bundle_not_supported"),
        (bundle(entry(), type="collection"), "bundle_not_supported"),
        (bundle(entry(), type="history"), "bundle_not_supported"),
        (b'{"resourceType": "Bundle", "type": "transaction", "entry": {}}', "bundle_not_supported"),
        (b'{"resourceType": "Bundle", "type": ["transaction"]}', "bundle_not_supported"),
        (bundle(entry(), entry("Patientt/p1")), "unknown_resource_type"),
    ],
)
def test_any_other_bundle_is_refused_as_a_whole(text: bytes, reason_code: str) -> None:
    (found,) = classify(Line(5, text))
    assert (found["position"], found["resource_type"]) == ("5", "_quarantine")
    assert (found["reason_code"], found["body"]) == (reason_code, text.decode())


def test_the_reason_for_a_deletion_by_search_tells_nothing_of_what_is_searched() -> None:
    (found,) = classify(Line(0, bundle(entry("Patient?identifier=s|secret"))))
    assert "Patient?" in str(found["reason"])
    assert "secret" not in str(found["reason"])
