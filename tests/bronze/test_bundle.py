"""Bundles of every type: each entry is a record of its own, with its path and its text unchanged."""

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metriccare.bronze import bundle as bundles
from metriccare.bronze import classify, parse
from metriccare.bronze.bundle import TYPES
from metriccare.fhir.ndjson import RawLine

Entry = dict[str, Any]
BASE = "https://fhir.hospital.example/r4"


def resource(type: str = "Patient", id: str | None = "p1", **fields: Any) -> dict[str, Any]:
    return {"resourceType": type, **({"id": id} if id else {}), **fields}


def entry(content: Any = None, full_url: str | None = None, **fields: Any) -> Entry:
    return {
        **({"fullUrl": full_url} if full_url else {}),
        **({"resource": content} if content else {}),
        **fields,
    }


def delete(url: Any = "Patient/p1", **fields: Any) -> Entry:
    return {"request": {"method": "DELETE", "url": url}, **fields}


def bundle(*entries: Any, type: Any = "transaction", **fields: Any) -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": type, "entry": list(entries), **fields}


def records(of: dict[str, Any] | bytes, offset: int = 0) -> list[dict[str, Any]]:
    return classify(RawLine(offset, of if isinstance(of, bytes) else json.dumps(of).encode()))


def codes(of: dict[str, Any] | bytes) -> list[object]:
    return [one["reason_code"] or one["resource_type"] for one in records(of)]


@pytest.mark.parametrize("type", sorted(TYPES))
def test_the_entries_of_a_bundle_of_any_type_are_read(type: str) -> None:
    found = records(bundle(entry(resource()), entry(resource("Encounter", "e1")), type=type), offset=700)
    assert [(one["position"], one["resource_type"], one["resource_id"]) for one in found] == [
        ("700/entry[0]", "Patient", "p1"),
        ("700/entry[1]", "Encounter", "e1"),
    ]
    assert all(json.loads(one["bundle"])["type"] == type for one in found)


TEXT = (
    b'{"resourceType": "Bundle", "type":"transaction",\n'
    b'"entry": [ {"resource": {"id":"p1" ,"resourceType":"Patient", "note": "a ] and a } , and \\"\xc3\xbc\\""} },'
    b' {"request": {"url": "Observation/o-1", "method": "DELETE"}} ]}'
)


def test_the_body_is_the_text_of_the_entry_and_the_resource_that_of_its_resource() -> None:
    patient, deletion = records(TEXT)
    cut = '{"id":"p1" ,"resourceType":"Patient", "note": "a ] and a } , and \\"ü\\""}'
    assert patient["body"] == f'{{"resource": {cut} }}'
    assert patient["resource"] == cut
    assert deletion["body"] == '{"request": {"url": "Observation/o-1", "method": "DELETE"}}'
    assert deletion["resource"] is None


def test_a_resource_is_the_same_in_a_bundle_and_on_its_own_line() -> None:
    line = json.dumps(resource(meta={"lastUpdated": "2025-03-01T00:00:00Z", "versionId": "2"})).encode()
    (alone,), (within,) = (
        records(line),
        records(b'{"resourceType":"Bundle","type":"batch","entry":[{"resource":%s}]}' % line),
    )
    same = ("resource_type", "resource_id", "last_updated", "version_id", "body_sha256")
    assert {name: alone[name] for name in same} == {name: within[name] for name in same}
    assert alone["body_sha256"] == hashlib.sha256(line).hexdigest()


def test_references_are_those_of_the_entries_they_mean() -> None:
    found = records(
        bundle(
            entry(resource(id="p1"), "urn:uuid:a"),
            entry(resource("Encounter", None, subject={"reference": "urn:uuid:a"}), "urn:uuid:b"),
            entry(resource("Condition", "c", encounter={"reference": "urn:uuid:b"}), "urn:uuid:c"),
        )
    )
    assert [one["resource_id"] for one in found] == ["p1", "b", "c"]
    assert json.loads(found[1]["resource"])["subject"]["reference"] == "Patient/p1"
    assert json.loads(found[1]["bundle"])["ids"] == {"urn:uuid:a": "Patient/p1"}
    assert json.loads(found[2]["resource"])["encounter"]["reference"] == "urn:uuid:b"  # already the same id


def test_the_body_keeps_the_reference_as_received() -> None:
    found = records(
        bundle(
            entry(resource(id="p1"), "urn:uuid:a"),
            entry(resource("Encounter", "e", subject={"reference": "urn:uuid:a"})),
        )
    )
    assert "urn:uuid:a" in found[1]["body"]
    assert found[1]["body_sha256"] == hashlib.sha256(found[1]["resource"].encode()).hexdigest()


STAMP = "2025-03-01T00:00:00Z"


@pytest.mark.parametrize(
    ("deletion", "around", "last_updated"),
    [
        (delete(response={"lastModified": STAMP}), {"meta": {"lastUpdated": "m"}, "timestamp": "t"}, STAMP),
        (delete(), {"meta": {"lastUpdated": "m"}, "timestamp": "t"}, "m"),
        (delete(response={"lastModified": 7}), {"meta": {"lastUpdated": " "}, "timestamp": "t"}, "t"),
        (delete(), {"meta": [], "timestamp": 7}, None),
        (delete(), {}, None),
    ],
)
def test_a_deletion_is_stamped_by_its_entry_else_by_its_bundle(
    deletion: Entry, around: Entry, last_updated: str | None
) -> None:
    (found,) = records(bundle(deletion, **around))
    assert (found["resource_type"], found["resource_id"]) == ("Patient", "p1")
    assert (found["last_updated"], found["reason_code"]) == (last_updated, None)


@pytest.mark.parametrize("url", ["Patient/p_1.x", "/Patient/p_1.x", f"{BASE}/Patient/p_1.x"])
@pytest.mark.parametrize("type", ["transaction", "batch", "history", "collection"])
def test_a_deletion_names_its_resource_by_type_and_id(url: str, type: str) -> None:
    (found,) = records(bundle(delete(url), type=type))
    assert (found["resource_type"], found["resource_id"]) == ("Patient", "p_1.x")


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("Patient?identifier=s|x", "conditional_delete"),
        (f"{BASE}/Patient?identifier=s|x", "conditional_delete"),
        ("Patient", "bad_deletion"),
        ("Patient/", "bad_deletion"),
        ("Patient/p1/_history/2", "bad_deletion"),
        ("", "bad_deletion"),
        (None, "bad_deletion"),
        (7, "bad_deletion"),
        ("Patientt/p1", "unknown_resource_type"),
    ],
)
def test_a_deletion_that_names_no_resource_is_quarantined_alone(url: object, code: str) -> None:
    assert codes(bundle(delete(), delete(url), entry(resource()))) == ["Patient", code, "Patient"]


def test_the_reason_for_a_deletion_by_search_does_not_repeat_the_search_terms() -> None:
    (found,) = records(bundle(delete("Patient?identifier=s|secret")))
    assert "Patient?" in found["reason"]
    assert "secret" not in found["reason"]


BAD_ENTRIES = [
    (3, "bad_entry"),
    (None, "bad_entry"),
    ([], "bad_entry"),
    (entry(resource(), request="PUT"), "bad_entry"),
    (entry(resource(), request={"method": "PATCH"}), "patch_not_supported"),
    (entry(3), "not_a_resource"),
    (entry({"id": "p1"}), "not_a_resource"),
    (entry(resource("Patientt")), "unknown_resource_type"),
    (entry(resource(id=None)), "no_id"),
    (entry(resource(id=None), f"{BASE}/Encounter/7"), "no_id"),
    (entry(resource(birthDate=1990)), "wrong_type"),
    (entry(resource(x=json.loads("[" * 240 + "]" * 240))), "Patient"),
    (entry(resource(x=json.loads("[" * 260 + "]" * 260))), "too_deep"),
]


@pytest.mark.parametrize(("bad", "code"), BAD_ENTRIES)
def test_a_bad_entry_is_quarantined_alone(bad: object, code: str) -> None:
    found = records(bundle(entry(resource(id="a")), bad, entry(resource(id="b"))))
    assert [found[0]["resource_id"], found[2]["resource_id"]] == ["a", "b"]
    assert (found[1]["reason_code"] or found[1]["resource_type"]) == code
    assert found[1]["position"] == "0/entry[1]"
    assert json.loads(found[1]["body"]) == bad


def test_an_entry_with_a_duplicate_key_is_quarantined_alone() -> None:
    text = b'{"resourceType":"Bundle","type":"batch","entry":[{"resource":{"resourceType":"Patient","id":"a"}},%s]}'
    twice = b'{"resource":{"resourceType":"Patient","id":"b","id":"c"}}'
    assert codes(text % twice) == ["Patient", "duplicate_key"]
    assert records(text % twice)[1]["body"] == twice.decode()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b'{"resourceType": "Bundle"}', "bundle_unreadable"),
        (b'{"resourceType": "Bundle", "type": "transaktion", "entry": []}', "bundle_unreadable"),
        (b'{"resourceType": "Bundle", "type": ["batch"], "entry": []}', "bundle_unreadable"),
        (b'{"resourceType": "Bundle", "type": "batch", "entry": {}}', "bundle_unreadable"),
        (b'{"resourceType": "Bundle", "type": "batch", "type": "history", "entry": [{}]}', "duplicate_key"),
        (b'{"resourceType": "Bundle", "type": "batch", "entry": [{}], "entry": [{}]}', "duplicate_key"),
        (b'{"resourceType": "Bundle", "type": "batch", "entry": [{}', "not_json"),
    ],
)
def test_a_bundle_that_cannot_be_split_is_quarantined_whole(text: bytes, code: str) -> None:
    (found,) = records(text, offset=5)
    assert (found["position"], found["resource_type"]) == ("5", "_quarantine")
    assert (found["reason_code"], found["body"]) == (code, text.decode())


@pytest.mark.parametrize("empty", [bundle(), {"resourceType": "Bundle", "type": "searchset", "total": 0}])
def test_a_bundle_without_entries_is_skipped_and_kept(empty: dict[str, Any]) -> None:
    (found,) = records(empty)
    assert (found["position"], found["resource_type"], found["reason_code"]) == ("0", "Bundle", None)
    assert json.loads(found["body"]) == empty


@pytest.mark.parametrize(
    "bare", [entry(), entry(response={"status": "201 Created"}), entry(request={"method": "GET"})]
)
def test_an_entry_without_a_resource_is_skipped_and_kept(bare: Entry) -> None:
    found = records(bundle(bare, entry(resource()), type="batch-response"))
    assert [one["resource_type"] for one in found] == ["Bundle", "Patient"]
    assert json.loads(found[0]["body"]) == bare


def test_the_entries_of_a_nested_bundle_have_their_path() -> None:
    inner = bundle(
        entry(resource(id="p1"), "urn:uuid:a"),
        entry(resource("Encounter", "e", subject={"reference": "urn:uuid:a"})),
        delete("Condition/c"),
        type="collection",
        timestamp=STAMP,
    )
    found = records(bundle(entry(resource("Organization", "o")), entry(inner), type="searchset"))
    assert [(one["position"], one["resource_type"]) for one in found] == [
        ("0/entry[0]", "Organization"),
        ("0/entry[1]/entry[0]", "Patient"),
        ("0/entry[1]/entry[1]", "Encounter"),
        ("0/entry[1]/entry[2]", "Condition"),
    ]
    assert json.loads(found[2]["resource"])["subject"]["reference"] == "Patient/p1"
    assert found[3]["last_updated"] == STAMP


def test_a_nested_bundle_that_cannot_be_split_is_quarantined_as_one_entry() -> None:
    assert codes(bundle(entry(bundle(type="x")), entry(resource()))) == ["bundle_unreadable", "Patient"]


def test_a_version_in_a_history_is_stamped_by_its_response_where_it_has_no_meta() -> None:
    response = {"lastModified": STAMP, "etag": 'W/"3"'}
    bare, stamped = records(
        bundle(
            entry(resource(), response=response),
            entry(
                resource(meta={"lastUpdated": "2024-01-01T00:00:00Z", "versionId": "1"}), response=response
            ),
            type="history",
        )
    )
    assert (bare["last_updated"], bare["version_id"]) == (STAMP, "3")
    assert (stamped["last_updated"], stamped["version_id"]) == ("2024-01-01T00:00:00Z", "1")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(VALUES, min_size=1, max_size=5), st.sampled_from([None, 2]), st.booleans())
def test_every_entry_is_kept_whatever_it_is(entries: list[Any], indent: int | None, ascii: bool) -> None:
    text = json.dumps(bundle(*entries), indent=indent, ensure_ascii=ascii).encode()
    found = records(text)
    assert [json.loads(one["body"]) for one in found] == entries
    assert all(one["body"].encode() in text for one in found)


@pytest.mark.parametrize("method", ["delete", "Delete", " DELETE "])
def test_a_method_is_read_in_any_case(method: str) -> None:
    (record,) = records(bundle({"request": {"method": method, "url": "Patient/p1"}}))
    assert (record["resource_type"], record["resource_id"]) == ("Patient", "p1")


@pytest.mark.parametrize("method", ["REMOVE", "purge"])
def test_a_method_that_nobody_knows_is_not_passed_over(method: str) -> None:
    (record,) = records(bundle({"request": {"method": method, "url": "Patient/p1"}}))
    assert record["reason_code"] == "bad_entry"


def test_a_bundle_of_more_entries_than_memory_holds_is_quarantined_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bundles, "MAX_ENTRIES", 3)
    assert len(records(bundle(*[entry(resource())] * 3))) == 3
    (record,) = records(bundle(*[{}] * 4))
    assert (record["reason_code"], record["position"]) == ("document_too_large", "0")
    assert "more than 3 entries" in record["reason"]


def test_a_text_of_more_objects_than_memory_holds_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse, "MANY_BYTES", 100)
    monkeypatch.setattr(parse, "MAX_OBJECTS", 50)
    (record,) = records(json.dumps(resource(note=[{}] * 60)).encode())
    assert record["reason_code"] == "document_too_large"
    (record,) = records(json.dumps(resource(note=["[{"] * 10 + ["x" * 200])).encode())
    assert record["reason_code"] is None
