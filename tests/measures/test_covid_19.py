"""COVID-19 as the principal diagnosis or present on admission: no index admission (MEASURES 1.1.6)."""

import pytest
from pyspark.sql import Row
from tests.support.builders import (
    HEART_FAILURE,
    SNOMED,
    Resource,
    concept,
    condition,
    diagnosis,
    encounter,
    story,
)

COVID, INFLUENZA = "840539006", "6142004"
ICD = concept("http://hl7.org/fhir/sid/icd-10-cm", "U07.1")
MARCH = {"start": "2025-03-01", "end": "2025-03-09"}


def principal(code: str | Resource, verification: str | None = None) -> list[Resource]:
    told = condition("c", code, "a", verification=verification)
    return story(encounter("a", diagnoses=[diagnosis("c")], **MARCH), told)


def secondary(
    code: str | Resource, day: str | None = None, poa: str | None = None, verification: str | None = None
) -> list[Resource]:
    """Return the story of a stay for heart failure, with another diagnosis as the second one."""
    listed = [diagnosis("heart"), diagnosis("c", rank=2, poa=poa)]
    onset = f"2025-03-{day}" if day else None
    return story(
        encounter("a", diagnoses=listed, **MARCH),
        condition("heart", HEART_FAILURE, "a"),
        condition("c", code, "a", onset=onset, verification=verification),
    )


def after_influenza(day: str) -> list[Resource]:
    """Both are viral infections, so that the second one is a repeat of the first."""
    return [*secondary(COVID, day=day), condition("b", INFLUENZA, "a", onset="2025-03-01")]


TWO_CODINGS = {"coding": [{"system": "urn:x", "code": "covid"}, *concept(SNOMED, COVID)["coding"]]}
EXCLUDED = {
    "principal": (principal(COVID), ["principal_diagnosis c"]),
    "principal-icd": (principal(ICD), ["principal_diagnosis c"]),
    "second-coding": (principal(TWO_CODINGS), ["principal_diagnosis c"]),
    "poa-yes": (secondary(ICD, poa="Y"), ["diagnosis_on_admission c"]),
    "poa-undetermined": (secondary(ICD, poa="W"), ["diagnosis_on_admission c"]),
    "poa-yes-late": (secondary(COVID, day="05", poa="Y"), ["diagnosis_on_admission c"]),
    "day-2": (secondary(COVID, day="02"), ["diagnosis_on_admission c"]),
    "after-influenza-day-2": (after_influenza("02"), ["diagnosis_on_admission c"]),
}
INCLUDED = {
    "poa-no": secondary(ICD, poa="N"),
    "poa-unsaid": secondary(ICD),
    "poa-no-early": secondary(COVID, day="02", poa="N"),
    "day-3": secondary(COVID, day="03"),
    "after-influenza-day-3": after_influenza("03"),
    "other-on-admission": secondary(INFLUENZA, day="02", poa="Y"),
    "suspected": principal("840544004"),
    "refuted": principal(COVID, verification="refuted"),
    "refuted-poa": secondary(ICD, poa="Y", verification="refuted"),
    "refuted-day-2": secondary(COVID, day="02", verification="refuted"),
    "refuted-alone": story(encounter("a", **MARCH), condition("c", COVID, "a", verification="refuted")),
}
STORIES = {
    **{f"covid-{name}": told for name, (told, _) in EXCLUDED.items()},
    **{f"covid-{name}": told for name, told in INCLUDED.items()},
}


@pytest.mark.parametrize("name", EXCLUDED)
def test_covid_19_on_admission_is_no_index_admission_and_its_diagnosis_is_named(
    decided: dict[str, Row], name: str
) -> None:
    decision = decided[f"covid-{name}.a"].readmission_30_day
    named = [f"{proof.role} {proof.id.split('.')[1]}" for proof in decision.evidence]
    assert (decision.exclusions, named) == (["covid_19"], EXCLUDED[name][1])


@pytest.mark.parametrize("name", INCLUDED)
def test_covid_19_that_was_not_there_on_admission_is_an_index_admission(
    decided: dict[str, Row], name: str
) -> None:
    decision = decided[f"covid-{name}.a"].readmission_30_day
    assert (decision.denominator, decision.evidence) == (True, [])
