"""References within a Bundle, as FHIR R4 resolves them; unresolved ones stay unchanged."""

from typing import Any

import pytest

from metriccare.bronze.references import id_of_url, ids_of, resolve

BASE = "https://fhir.hospital.example/r4"


def entry(full_url: object, type: str, id: str | None = None) -> dict[str, Any]:
    return {"fullUrl": full_url, "resource": {"resourceType": type} | ({"id": id} if id else {})}


@pytest.mark.parametrize(
    ("url", "id"),
    [
        ("urn:uuid:0f1e", "0f1e"),
        ("urn:oid:1.2.3", "1.2.3"),
        (f"{BASE}/Patient/p1", "p1"),
        (f"{BASE}/Patient/p1/_history/2", "p1"),
        ("Patient/p1", "p1"),
        (f"{BASE}/Encounter/p1", None),
        (BASE, None),
        ("", None),
        (None, None),
        (7, None),
    ],
)
def test_a_full_url_contains_an_id(url: object, id: str | None) -> None:
    assert id_of_url(url, "Patient") == id


def test_the_id_of_a_resource_is_its_own_else_that_of_its_full_url() -> None:
    entries = [
        entry("urn:uuid:a", "Patient", "p1"),
        entry("urn:uuid:b", "Encounter"),
        entry(None, "Patient", "x"),
        3,
    ]
    assert ids_of(entries) == {"urn:uuid:a": "Patient/p1", "urn:uuid:b": "Encounter/b"}


def test_versions_of_one_resource_share_an_address_but_two_resources_do_not() -> None:
    same = [entry(f"{BASE}/Patient/p1", "Patient", "p1")] * 2
    assert ids_of(same) == {f"{BASE}/Patient/p1": "Patient/p1"}
    assert ids_of([*same, entry(f"{BASE}/Patient/p1", "Patient", "p2")]) == {}


IDS = {"urn:uuid:a": "Patient/p1", f"{BASE}/Patient/7": "Patient/mrn-7", f"{BASE}/Patient/8": "Patient/8"}


@pytest.mark.parametrize(
    ("reference", "full_url", "resolved"),
    [
        ("urn:uuid:a", None, "Patient/p1"),
        ("urn:uuid:a", "urn:uuid:e", "Patient/p1"),
        (f"{BASE}/Patient/7", None, "Patient/mrn-7"),
        ("Patient/7", f"{BASE}/Encounter/e", "Patient/mrn-7"),
        ("Patient/7/_history/3", f"{BASE}/Encounter/e", "Patient/mrn-7"),
        ("Patient/7", "https://elsewhere.example/Encounter/e", "Patient/7"),
        ("Patient/7", "urn:uuid:e", "Patient/7"),
        ("Patient/7", None, "Patient/7"),
        ("Patient/8", f"{BASE}/Encounter/e", "Patient/8"),
        ("urn:uuid:unknown", None, "urn:uuid:unknown"),
        ("#contained", f"{BASE}/Encounter/e", "#contained"),
        ("Patient?identifier=s|7", f"{BASE}/Encounter/e", "Patient?identifier=s|7"),
        ("", f"{BASE}/Encounter/e", ""),
    ],
)
def test_a_reference_is_resolved_to_another_entry_or_stays(
    reference: str, full_url: Any, resolved: str
) -> None:
    resource = {
        "subject": {"reference": reference},
        "diagnosis": [{"condition": {"reference": "Condition/c"}}],
    }
    used = resolve(resource, full_url, IDS)
    assert resource["subject"] == {"reference": resolved}
    assert resource["diagnosis"] == [{"condition": {"reference": "Condition/c"}}]
    assert bool(used) == (reference != resolved)
    assert all(IDS[url] == identity for url, identity in used.items())


def test_the_ids_used_are_enough_to_resolve_again() -> None:
    first = {"a": [{"reference": "urn:uuid:a"}, {"b": {"reference": f"{BASE}/Patient/7"}}]}
    again = {"a": [{"reference": "urn:uuid:a"}, {"b": {"reference": f"{BASE}/Patient/7"}}]}
    resolve(again, None, resolve(first, None, IDS))
    assert again == first
