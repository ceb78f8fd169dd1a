"""Who is no index admission of the readmission measures, and the first reason why (MEASURES 1.1)."""

from typing import Any

import pytest
from pyspark.sql import Row
from tests.support.builders import (
    ASTHMA,
    CHEMOTHERAPY,
    HEART_FAILURE,
    NUBC,
    REHABILITATION,
    SCHIZOPHRENIA,
    SNOMED,
    Resource,
    concept,
    encounter,
    patient,
    stay_for,
    story,
)


def stay(
    id: str = "a", start: str = "03-01", end: str = "03-05", hospital: str | None = "H1", **facts: Any
) -> Resource:
    return encounter(id, start=f"2025-{start}", end=f"2025-{end}", hospital=hospital, **facts)


def coded(*codings: tuple[str, str | None]) -> Resource:
    """Return a CodeableConcept with these codings."""
    return {"coding": [{"system": system, "code": code} for system, code in codings]}


OTHER = ("urn:x", "1")


def back_the_same_day(
    first: str | Resource,
    second: str | Resource,
    hospital: str | None = "H1",
    start: str = "2025-03-05T18:00:00Z",
) -> list[Resource]:
    return story(
        stay_for(first, "a", start="2025-03-01T08:00:00Z", end="2025-03-05T10:00:00Z", hospital=hospital),
        stay_for(second, "b", start=start, end="2025-03-09T10:00:00Z", hospital=hospital),
    )


EXCLUDED = {
    "not-acute": (story(stay(kind="NONAC")), "not_acute"),
    "admitted-after-death": (
        story(stay(), stay("b", "04-02", "04-03"), of=patient(died="2025-04-01")),
        "inconsistent_vital_status",
    ),
    "born-later": (story(stay(), of=patient(born="2025-03-02")), "under_18"),
    "expired": (story(stay(disposition="exp")), "died_in_hospital"),
    "expired-nubc": (story(stay(disposition=concept(NUBC, "20"))), "died_in_hospital"),
    "dead-without-disposition": (story(stay(), of=patient(died="2025-03-05")), "died_in_hospital"),
    "dead-before-discharge": (
        story(stay(disposition="home"), of=patient(died="2025-03-04")),
        "died_in_hospital",
    ),
    "dead-on-discharge": (
        story(stay(disposition="home"), of=patient(died="2025-03-05T23:00:00Z")),
        "died_on_discharge_date",
    ),
    "aadvice": (story(stay(disposition="aadvice")), "left_against_medical_advice"),
    "aadvice-nubc": (story(stay(disposition=concept(NUBC, "7"))), "left_against_medical_advice"),
    "aadvice-snomed": (story(stay(disposition=concept(SNOMED, "445060000"))), "left_against_medical_advice"),
    "not-last-leg": (story(stay(), stay("b", "03-06", "03-09", "H2")), "transferred_out"),
    "died-elsewhere-that-day": (
        story(
            stay(disposition="other-hcf"),
            stay("b", "03-05", "03-05", "H2", disposition="exp"),
            of=patient(died="2025-03-05"),
        ),
        "transferred_out",
    ),
    "transfer-unseen": (story(stay(disposition=concept(NUBC, "02"))), "transferred_out"),
    "psychiatric": (story(stay_for(SCHIZOPHRENIA, "a", start="2025-03-01", end="2025-03-05")), "psychiatric"),
    "rehabilitation": (
        story(stay_for(REHABILITATION, "a", start="2025-03-01", end="2025-03-05")),
        "rehabilitation",
    ),
    "cancer": (story(stay_for(CHEMOTHERAPY, "a", start="2025-03-01", end="2025-03-05")), "cancer_treatment"),
    "second-coding-psychiatric": (
        story(stay_for(coded(OTHER, (SNOMED, SCHIZOPHRENIA)), "a", start="2025-03-01", end="2025-03-05")),
        "psychiatric",
    ),
    "same-day": (back_the_same_day(ASTHMA, ASTHMA), "same_day_continuation"),
    "same-day-second-coding": (
        back_the_same_day(coded(OTHER, (SNOMED, ASTHMA)), coded((SNOMED, ASTHMA), ("urn:y", "2"))),
        "same_day_continuation",
    ),
}
INCLUDED = {
    "last-leg": (story(stay("z"), stay("a", "03-06", "03-09", "H2"))),
    "to-rehabilitation": story(stay(disposition="rehab")),
    "to-hospice": story(stay(disposition="hosp")),
    "dead-the-day-after": story(stay(disposition="home"), of=patient(died="2025-03-06")),
    "dead-on-next-admission": story(stay(), stay("b", "04-02", "04-03"), of=patient(died="2025-04-02")),
    "other-diagnosis": back_the_same_day(ASTHMA, HEART_FAILURE),
    "next-day": back_the_same_day(ASTHMA, ASTHMA, start="2025-03-06T00:10:00Z"),
    "same-day-nowhere": back_the_same_day(ASTHMA, ASTHMA, hospital=None),
    "same-day-same-code-of-another-system": back_the_same_day(ASTHMA, coded(("urn:y", ASTHMA))),
    "same-day-codings-without-code": back_the_same_day(coded((SNOMED, None)), coded((SNOMED, None))),
    "same-day-no-diagnosis": story(stay(), stay("b", "03-05", "03-09")),
    "secondary-psychiatric": story(
        stay_for(ASTHMA, "a", start="2025-03-01", end="2025-03-05"), stay_for(SCHIZOPHRENIA, "v", kind="AMB")
    ),
}
BOTH = {
    "not-acute-and-expired": (
        story(stay(kind="NONAC", disposition="exp")),
        ["not_acute", "died_in_hospital"],
    ),
    "inconsistent-and-dead": (
        story(stay(), stay("b", "03-20", "03-21"), of=patient(died="2025-03-05")),
        ["inconsistent_vital_status", "died_in_hospital"],
    ),
    "dead-and-transferred": (
        story(stay(disposition="exp"), stay("b", "03-06", "03-09", "H2"), of=patient(died="2025-03-06")),
        ["died_in_hospital", "transferred_out"],
    ),
    "against-advice-to-psychiatry": (
        story(
            stay_for(SCHIZOPHRENIA, "a", start="2025-03-01", end="2025-03-05", disposition="aadvice"),
            stay("b", "03-06", "03-09", "H2"),
        ),
        ["left_against_medical_advice", "transferred_out", "psychiatric"],
    ),
    "cancer-and-same-day": (
        back_the_same_day(CHEMOTHERAPY, CHEMOTHERAPY),
        ["cancer_treatment", "same_day_continuation"],
    ),
}
STORIES = {
    **{f"index-{name}": told for name, (told, _) in {**EXCLUDED, **BOTH}.items()},
    **{f"index-{name}": told for name, told in INCLUDED.items()},
}


@pytest.mark.parametrize("name", EXCLUDED)
def test_a_stay_that_a_clause_takes_out_is_no_index_admission(decided: dict[str, Row], name: str) -> None:
    row = decided[f"index-{name}.a"]
    for decision in (row.readmission_30_day, row.readmission_30_day_unplanned):
        assert (decision.denominator, decision.numerator, decision.exclusion) == (
            False,
            False,
            EXCLUDED[name][1],
        )


@pytest.mark.parametrize("name", INCLUDED)
def test_any_other_stay_is_an_index_admission(decided: dict[str, Row], name: str) -> None:
    row = decided[f"index-{name}.a"]
    assert (row.readmission_30_day.exclusions, row.readmission_30_day_unplanned.exclusions) == ([], [])
    assert row.readmission_30_day.denominator


@pytest.mark.parametrize("name", BOTH)
def test_the_first_clause_that_applies_is_the_reason(decided: dict[str, Row], name: str) -> None:
    decision = decided[f"index-{name}.a"].readmission_30_day
    assert decision.exclusions == BOTH[name][1]
    assert decision.exclusion == BOTH[name][1][0]


def test_a_stay_after_the_death_takes_out_all_stays_of_the_patient(decided: dict[str, Row]) -> None:
    for id in "ab":
        decision = decided[f"index-admitted-after-death.{id}"].readmission_30_day
        assert decision.exclusion == "inconsistent_vital_status"
    assert "inconsistent_vital_status" in decided["index-born-later.a"].readmission_30_day.exclusions


def test_of_a_same_day_continuation_the_later_stay_is_the_index_admission(decided: dict[str, Row]) -> None:
    assert decided["index-same-day.b"].readmission_30_day.denominator


def test_a_return_on_the_same_day_for_something_else_is_a_readmission(decided: dict[str, Row]) -> None:
    assert decided["index-other-diagnosis.a"].readmission_30_day.numerator
    assert decided["index-same-day-no-diagnosis.a"].readmission_30_day.numerator
