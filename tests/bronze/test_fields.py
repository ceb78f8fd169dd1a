"""Fields of the JSON types that FHIR R4 gives them; modifiers that nobody declared harmless are refused."""

import json
from typing import Any

import pytest
from tests.support.builders import condition, encounter, organization, patient

from metriccare.bronze import fields
from metriccare.bronze.fields import check_fields
from metriccare.bronze.refusal import RefusedError

URL = "http://hospital.example/negated"


def said(resource: dict[str, Any]) -> str:
    """Return what is said of a resource, at a glance and after a closer look alike."""
    at_a_glance, closely = (_said(resource, text) for text in (json.dumps(resource).encode(), b""))
    assert at_a_glance == closely
    return closely


def _said(resource: dict[str, Any], text: bytes) -> str:
    try:
        check_fields(resource, resource["resourceType"], text)
    except RefusedError as refused:
        return f"{refused.code}: {refused}"
    return ""


@pytest.mark.parametrize(
    "resource", [patient("p"), encounter("e"), condition("c", "x", "e"), organization("o", "N")]
)
def test_a_glance_is_enough_for_what_systems_write(resource: dict[str, Any]) -> None:
    assert fields._is_right(json.dumps(resource).encode(), resource["resourceType"])


@pytest.mark.parametrize(
    "resource", [patient("p"), encounter("e"), condition("c", "x", "e"), organization("o", "North")]
)
def test_what_fhir_writes_is_fine(resource: dict[str, Any]) -> None:
    assert said(resource) == ""
    assert said(resource | {"anythingElse": {"deep": [1, None, "x"]}}) == ""


@pytest.mark.parametrize("value", [True, False, "true", "false"])
def test_a_boolean_may_stand_in_quotes(value: object) -> None:
    assert said(patient("p") | {"deceasedBoolean": value}) == ""


@pytest.mark.parametrize("value", [1, 2.0, "3", "-1", "2.5"])
def test_a_number_may_stand_in_quotes(value: object) -> None:
    assert said(encounter("e") | {"diagnosis": [{"rank": value}]}) == ""


WRONG: list[tuple[dict[str, Any], str]] = [
    (patient("p") | {"deceasedBoolean": 1}, "Patient.deceasedBoolean is no boolean"),
    (patient("p") | {"deceasedBoolean": "yes"}, "Patient.deceasedBoolean is no boolean"),
    (patient("p") | {"birthDate": 1990}, "Patient.birthDate is no text"),
    (patient("p") | {"birthDate": ["1990-01-01"]}, "Patient.birthDate is no text"),
    (patient("p") | {"link": {"type": "replaced-by"}}, "Patient.link is no list"),
    (patient("p") | {"link": [None]}, "Patient.link[0] is no object"),
    (patient("p") | {"request": {"method": "DELETE"}}, "Patient has no element request"),
    (encounter("e") | {"class": "IMP"}, "Encounter.class is no object"),
    (encounter("e") | {"class": [{"code": "IMP"}]}, "Encounter.class is no object"),
    (encounter("e") | {"period": "2025"}, "Encounter.period is no object"),
    (encounter("e") | {"type": [{"coding": {"code": "x"}}]}, "Encounter.type[0].coding is no list"),
    (encounter("e") | {"diagnosis": [{}, {"rank": True}]}, "Encounter.diagnosis[1].rank is no number"),
    (encounter("e") | {"diagnosis": [{"rank": "first"}]}, "Encounter.diagnosis[0].rank is no number"),
    (encounter("e") | {"subject": "Patient/p"}, "Encounter.subject is no object"),
    (
        condition("c", "x", "e") | {"code": {"coding": [{"code": 7}]}},
        "Condition.code.coding[0].code is no text",
    ),
    (organization("o", "North") | {"name": 7}, "Organization.name is no text"),
]


@pytest.mark.parametrize(("resource", "path"), WRONG, ids=[path for _, path in WRONG])
def test_a_field_of_another_type_is_named_with_its_path(resource: dict[str, Any], path: str) -> None:
    assert said(resource).startswith("wrong_type: ")
    assert said(resource).endswith(path)


@pytest.mark.parametrize(
    "changed",
    [
        {"modifierExtension": [{"url": URL, "valueBoolean": True}]},
        {"implicitRules": URL},
        {"hospitalization": {"modifierExtension": [{"url": URL}]}},
        {"diagnosis": [{}, {"modifierExtension": [{"url": URL}]}]},
    ],
)
def test_what_may_change_the_meaning_is_refused_until_it_is_declared_harmless(
    changed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert said(encounter("e") | changed).startswith("modifier_extension: ")
    assert URL in said(encounter("e") | changed)
    monkeypatch.setattr(fields, "_harmless", lambda: frozenset({URL}))
    assert said(encounter("e") | changed) == ""


@pytest.mark.parametrize(
    ("modifiers", "code"),
    [
        ([], ""),
        (None, ""),
        ([{}], "modifier_extension"),
        ([{"url": [URL]}], "modifier_extension"),
        (["x"], "modifier_extension"),
        ({"url": URL}, "wrong_type"),
    ],
)
def test_modifiers_without_a_url_are_refused(modifiers: object, code: str) -> None:
    assert said(encounter("e") | {"modifierExtension": modifiers}).partition(":")[0] == code
