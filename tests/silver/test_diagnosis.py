"""Which diagnosis of a stay is the principal one (MEASURES 0.4.6, 1.1.6)."""

from typing import Any

import pytest
from pyspark.sql import Row
from tests.support.builders import (
    ASTHMA,
    HEART_FAILURE,
    SNOMED,
    Resource,
    concept,
    condition,
    diagnosis,
    encounter,
    patient,
    story,
)

RIGHT = condition("right", HEART_FAILURE, "a")
WRONG = condition("wrong", ASTHMA, "a")
REASON = [concept(SNOMED, HEART_FAILURE)]
NOBODYS = condition("right", HEART_FAILURE, "a", patient_id=None)
NOBODYS_STAY = encounter("a", None, start="2025-03-01", end="2025-03-05")


def stay(*diagnoses: Resource, **facts: Any) -> Resource:
    return encounter("a", start="2025-03-01", end="2025-03-05", diagnoses=diagnoses, **facts)


HEART_FAILURE_IS_PRINCIPAL = {
    "rank-one-before-use": story(
        stay(diagnosis("wrong", rank=2, use="DD"), diagnosis("right", rank=1, use="CM")), RIGHT, WRONG
    ),
    "discharge-before-billing": story(
        stay(diagnosis("wrong", rank=None, use="billing"), diagnosis("right", rank=None, use="DD")),
        RIGHT,
        WRONG,
    ),
    "billing-before-complaint": story(
        stay(diagnosis("wrong", rank=None, use="CC"), diagnosis("right", rank=None, use="billing")),
        RIGHT,
        WRONG,
    ),
    "complaint-before-any": story(
        stay(diagnosis("wrong", rank=None, use="CM"), diagnosis("right", rank=None, use="CC")), RIGHT, WRONG
    ),
    "only-one-listed": story(
        stay(diagnosis("right", rank=None), reasonCode=[concept(SNOMED, ASTHMA)]), RIGHT
    ),
    "reason-before-own": story(stay(reasonCode=REASON), WRONG),
    "reason-of-many-listed": story(
        stay(diagnosis("right", rank=2), diagnosis("wrong", rank=3), reasonCode=REASON), RIGHT, WRONG
    ),
    "own-single": story(stay(), RIGHT),
    "own-without-category": story(stay(), condition("right", HEART_FAILURE, "a", category=None)),
    "own-before-problem-list": story(
        stay(), RIGHT, condition("wrong", ASTHMA, "a", category="problem-list-item")
    ),
    "rank-one-not-there": story(
        stay(diagnosis("nowhere", rank=1), diagnosis("right", rank=2, use="DD")), RIGHT
    ),
    "rank-one-in-error": story(
        stay(diagnosis("wrong", rank=1), diagnosis("right", rank=2, use="DD")),
        RIGHT,
        condition("wrong", ASTHMA, "a", verification="entered-in-error"),
    ),
    "rank-one-of-another": story(
        stay(diagnosis("wrong", rank=1), diagnosis("right", rank=2, use="DD")),
        RIGHT,
        condition("wrong", ASTHMA, "a", patient_id="q"),
        patient("q"),
    ),
    "own-that-names-nobody": story(stay(), NOBODYS),
    "listed-that-names-nobody": story(stay(diagnosis("right"), diagnosis("nowhere", rank=2)), NOBODYS),
    "own-of-nobodys-stay": story(NOBODYS_STAY, NOBODYS),
}
NONE_IS_PRINCIPAL = {
    "two-own": story(stay(), RIGHT, WRONG),
    "two-listed": story(stay(diagnosis("right", rank=2), diagnosis("wrong", rank=3)), RIGHT, WRONG),
    "only-problem-list": story(stay(), condition("right", HEART_FAILURE, "a", category="problem-list-item")),
    "nothing": story(stay()),
    "listed-of-another": story(
        stay(diagnosis("wrong")), condition("wrong", ASTHMA, patient_id="q"), patient("q")
    ),
    "own-of-another": story(stay(), condition("wrong", ASTHMA, "a", patient_id="q"), patient("q")),
    "listed-names-nobody-nor-the-stay": story(
        stay(diagnosis("wrong")), condition("wrong", ASTHMA, patient_id=None)
    ),
    "somebodys-of-nobodys-stay": story(NOBODYS_STAY, WRONG),
}
STORIES = {
    f"principal-{name}": told for name, told in {**HEART_FAILURE_IS_PRINCIPAL, **NONE_IS_PRINCIPAL}.items()
}


@pytest.mark.parametrize("name", HEART_FAILURE_IS_PRINCIPAL)
def test_the_principal_diagnosis_is_the_first_that_the_order_finds(stays: dict[str, Row], name: str) -> None:
    principal = stays[f"principal-{name}.a"].principal_diagnosis
    assert (principal.system, principal.code) == (SNOMED, HEART_FAILURE)


@pytest.mark.parametrize("name", NONE_IS_PRINCIPAL)
def test_where_the_order_finds_none_the_principal_diagnosis_is_unknown(
    stays: dict[str, Row], name: str
) -> None:
    assert stays[f"principal-{name}.a"].principal_diagnosis is None


def test_the_diagnoses_of_a_stay_are_in_the_order_of_their_rank(stays: dict[str, Row]) -> None:
    listed = stays["principal-rank-one-before-use.a"].diagnoses
    assert [(one.rank, one.use_code, one.codings[0].code) for one in listed] == [
        (1, "CM", HEART_FAILURE),
        (2, "DD", ASTHMA),
    ]
