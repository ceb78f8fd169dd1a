"""Fields have the JSON types of FHIR R4; modifiers that are not declared harmless are rejected."""

import json
from typing import Any

import pytest
from tests.support.builders import condition, encounter, organization, patient

from metriccare.bronze import fields
from metriccare.bronze.fields import check_fields
from metriccare.bronze.rejection import RejectedError

URL = "http://hospital.example/negated"


def error_of(resource: dict[str, Any]) -> str:
    """Return the error of a resource, which is the same in the fast and in the full check."""
    fast, full = (_error_of(resource, text) for text in (json.dumps(resource).encode(), b""))
    assert fast == full
    return full


def _error_of(resource: dict[str, Any], text: bytes) -> str:
    try:
        check_fields(resource, resource["resourceType"], text)
    except RejectedError as rejected:
        return f"{rejected.code}: {rejected}"
    return ""


@pytest.mark.parametrize(
    "resource", [patient("p"), encounter("e"), condition("c", "x", "e"), organization("o", "N")]
)
def test_the_fast_check_is_enough_for_usual_resources(resource: dict[str, Any]) -> None:
    assert fields._is_clearly_valid(json.dumps(resource).encode(), resource["resourceType"])


@pytest.mark.parametrize(
    "resource", [patient("p"), encounter("e"), condition("c", "x", "e"), organization("o", "North")]
)
def test_valid_resources_are_accepted(resource: dict[str, Any]) -> None:
    assert error_of(resource) == ""
    assert error_of(resource | {"anythingElse": {"deep": [1, None, "x"]}}) == ""


@pytest.mark.parametrize("value", [True, False, "true", "false"])
def test_a_boolean_may_be_quoted(value: object) -> None:
    assert error_of(patient("p") | {"deceasedBoolean": value}) == ""


@pytest.mark.parametrize("value", [1, 2.0, "3", "-1", "2.5"])
def test_a_number_may_be_quoted(value: object) -> None:
    assert error_of(encounter("e") | {"diagnosis": [{"rank": value}]}) == ""


WRONG: list[tuple[dict[str, Any], str]] = [
    (patient("p") | {"deceasedBoolean": 1}, "Patient.deceasedBoolean must be a boolean"),
    (patient("p") | {"deceasedBoolean": "yes"}, "Patient.deceasedBoolean must be a boolean"),
    (patient("p") | {"birthDate": 1990}, "Patient.birthDate must be a string"),
    (patient("p") | {"birthDate": ["1990-01-01"]}, "Patient.birthDate must be a string"),
    (patient("p") | {"link": {"type": "replaced-by"}}, "Patient.link must be a list"),
    (patient("p") | {"link": [None]}, "Patient.link[0] must be an object"),
    (patient("p") | {"request": {"method": "DELETE"}}, "FHIR's Patient has no element `request`"),
    (encounter("e") | {"class": "IMP"}, "Encounter.class must be an object"),
    (encounter("e") | {"class": [{"code": "IMP"}]}, "Encounter.class must be an object"),
    (encounter("e") | {"period": "2025"}, "Encounter.period must be an object"),
    (encounter("e") | {"type": [{"coding": {"code": "x"}}]}, "Encounter.type[0].coding must be a list"),
    (encounter("e") | {"diagnosis": [{}, {"rank": True}]}, "Encounter.diagnosis[1].rank must be a number"),
    (encounter("e") | {"diagnosis": [{"rank": "first"}]}, "Encounter.diagnosis[0].rank must be a number"),
    (encounter("e") | {"subject": "Patient/p"}, "Encounter.subject must be an object"),
    (
        condition("c", "x", "e") | {"code": {"coding": [{"code": 7}]}},
        "Condition.code.coding[0].code must be a string",
    ),
    (organization("o", "North") | {"name": 7}, "Organization.name must be a string"),
]


@pytest.mark.parametrize(("resource", "path"), WRONG, ids=[path for _, path in WRONG])
def test_a_field_of_the_wrong_type_is_reported_with_its_path(resource: dict[str, Any], path: str) -> None:
    assert error_of(resource).startswith("wrong_type: ")
    assert f": {path}" in error_of(resource)


@pytest.mark.parametrize(
    "changed",
    [
        {"modifierExtension": [{"url": URL, "valueBoolean": True}]},
        {"implicitRules": URL},
        {"hospitalization": {"modifierExtension": [{"url": URL}]}},
        {"diagnosis": [{}, {"modifierExtension": [{"url": URL}]}]},
    ],
)
def test_a_modifier_is_rejected_until_it_is_declared_harmless(
    changed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert error_of(encounter("e") | changed).startswith("modifier_extension: ")
    assert URL in error_of(encounter("e") | changed)
    monkeypatch.setattr(fields, "_harmless", lambda: frozenset({URL}))
    assert error_of(encounter("e") | changed) == ""


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
def test_modifiers_without_a_url_are_rejected(modifiers: object, code: str) -> None:
    assert error_of(encounter("e") | {"modifierExtension": modifiers}).partition(":")[0] == code
