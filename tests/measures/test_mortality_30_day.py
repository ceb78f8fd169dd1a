"""Death within 30 days of admission, wherever; a death belongs to one chain only (MEASURES 2.2)."""

from datetime import date

import pytest
from pyspark.sql import Row
from tests.support.builders import Resource, concept, encounter, patient, story


def stay(
    id: str = "a",
    start: str = "2025-03-01",
    end: str | None = "2025-03-05",
    hospital: str = "H1",
    **facts: str,
) -> Resource:
    return encounter(id, start=start, end=end, hospital=hospital, **facts)


def died(day: str) -> Resource:
    return patient(died=day)


POINT_OF_ORIGIN = "https://www.nubc.org/CodeSystem/PointOfOrigin"
AHA_POINT_OF_ORIGIN = "http://terminology.hl7.org/CodeSystem/AHANUBCPointOfOriginNonnewborn"


def admitted_from(code: str, system: str = POINT_OF_ORIGIN) -> Resource:
    return stay() | {"hospitalization": {"admitSource": concept(system, code)}}


HOME = {"disposition": "home"}
SECOND = {"start": "2025-03-15", "end": "2025-03-17"}
OPEN = {"end": None, "status": "in-progress"}

DIED = {
    "day-0": story(stay(), of=died("2025-03-01")),
    "day-29": story(stay(**HOME), of=died("2025-03-30")),
    "day-30": story(stay(**HOME), of=died("2025-03-31")),
    "day-30-late": story(stay(start="2025-03-01T00:10:00Z", **HOME), of=died("2025-03-31T23:50:00Z")),
    "expired-undated": story(stay(disposition="exp")),
    "expired-some-month": story(stay(disposition="exp"), of=died("2025-03")),
    "on-discharge": story(stay(**HOME), of=died("2025-03-05")),
    "in-second-leg": story(
        stay(), stay("b", "2025-03-06", "2025-03-20", "H2", disposition="exp"), of=died("2025-03-20")
    ),
    "then-visited": story(stay(**HOME), stay("v", kind="EMER", **SECOND), of=died("2025-03-20")),
    "after-an-earlier-stay": story(stay("z", "2025-02-20", "2025-02-22"), stay(), of=died("2025-03-09")),
}
NOT_DIED = {
    "alive": story(stay()),
    "day-31": story(stay(**HOME), of=died("2025-04-01")),
    "day-31-early": story(stay(start="2025-03-01T23:50:00Z", **HOME), of=died("2025-04-01T00:10:00Z")),
    "expired-day-31": story(stay(end="2025-04-01", disposition="exp")),
    "then-admitted": story(stay(**HOME), stay("b", **SECOND), of=died("2025-03-20")),
    "then-admitted-that-day": story(
        stay(**HOME), stay("b", "2025-03-20", "2025-03-22"), of=died("2025-03-20")
    ),
    "then-in-rehabilitation": story(stay(**HOME), stay("b", kind="NONAC", **SECOND), of=died("2025-03-20")),
    "then-open": story(stay(**HOME), stay("b", "2025-03-15", **OPEN), of=died("2025-03-20")),
    "then-against-advice": story(
        stay(**HOME), stay("b", disposition="aadvice", **SECOND), of=died("2025-03-20")
    ),
}
EXCLUDED = {
    "not-acute": (story(stay(kind="NONAC"), of=died("2025-03-05")), "not_acute"),
    "after-death": (story(stay(), of=died("2025-02-28")), "inconsistent_vital_status"),
    "dead-sometime": (story(stay(**HOME), of=patient(deceasedBoolean=True)), "death_date_unknown"),
    "dead-some-month": (story(stay(**HOME), of=died("2025-03")), "death_date_unknown"),
    "against-advice": (
        story(stay(disposition="aadvice"), of=died("2025-03-20")),
        "left_against_medical_advice",
    ),
    "second-leg": (
        story(stay("z"), stay("a", "2025-03-06", "2025-03-09", "H2")),
        "transferred_in",
    ),
    "sex-missing": (story(stay(), of=patient(gender=None)), "demographics_unreliable"),
    "sex-unknown": (story(stay(), of=patient(gender="unknown")), "demographics_unreliable"),
    "age-116": (story(stay(), of=patient(born="1909-03-01")), "demographics_unreliable"),
    "from-hospice": (story(admitted_from("F")), "hospice_at_admission"),
    "from-hospice-aha": (story(admitted_from("F", AHA_POINT_OF_ORIGIN)), "hospice_at_admission"),
    "hospice-same-day": (
        story(stay("z", disposition="hosp"), stay("a", "2025-03-05", "2025-03-09")),
        "hospice_prior_12_months",
    ),
    "hospice-day-365": (
        story(stay("z", "2024-02-20", "2024-03-01", disposition="hosp"), stay()),
        "hospice_prior_12_months",
    ),
    "hospice-of-rehabilitation": (
        story(stay("z", "2025-01-01", "2025-01-09", kind="NONAC", disposition="hosp"), stay()),
        "hospice_prior_12_months",
    ),
    "hospice-the-latest": (
        story(
            stay("y", "2023-01-01", "2023-01-05", disposition="hosp"),
            stay("z", "2025-01-01", "2025-01-05", disposition="hosp"),
            stay(),
        ),
        "hospice_prior_12_months",
    ),
    "hospice-and-another": (
        story(
            stay("y", "2025-01-01", "2025-01-05", disposition="hosp"),
            stay("z", "2025-02-01", "2025-03-20", "H2", kind="NONAC", disposition="hosp"),
            stay(),
        ),
        "hospice_prior_12_months",
    ),
}
INCLUDED = {
    "hospice-day-366": story(stay("z", "2024-02-20", "2024-02-29", disposition="hosp"), stay()),
    "sex-other": story(stay(), of=patient(gender="other")),
    "age-115": story(stay(), of=patient(born="1909-03-02")),
    "from-elsewhere": story(admitted_from("4")),
    "from-another-system": story(admitted_from("F", "urn:x")),
    "hospice-at-the-end": story(stay(disposition="hosp")),
    "hospice-later": story(stay(), stay("b", disposition="hosp", **SECOND)),
    "first-leg": story(stay(), stay("b", "2025-03-06", "2025-03-09", "H2")),
    "sent-away": story(stay(disposition="other-hcf")),
    "expired-and-boolean": story(stay(disposition="exp"), of=patient(deceasedBoolean=True)),
}
STORIES = {
    **{f"thirty-{name}": told for name, told in {**DIED, **NOT_DIED, **INCLUDED}.items()},
    **{f"thirty-{name}": told for name, (told, _) in EXCLUDED.items()},
}


@pytest.mark.parametrize("name", DIED)
def test_a_death_on_day_0_to_30_of_the_latest_chain_counts(decided: dict[str, Row], name: str) -> None:
    decision = decided[f"thirty-{name}.a"].mortality_30_day
    assert (decision.denominator, decision.numerator, decision.value) == (True, True, 1.0)


@pytest.mark.parametrize("name", NOT_DIED)
def test_a_later_death_or_one_after_another_admission_does_not_count(
    decided: dict[str, Row], name: str
) -> None:
    decision = decided[f"thirty-{name}.a"].mortality_30_day
    assert (decision.denominator, decision.numerator, decision.value) == (True, False, 0.0)


@pytest.mark.parametrize("name", EXCLUDED)
def test_a_stay_that_a_clause_takes_out_does_not_count(decided: dict[str, Row], name: str) -> None:
    decision = decided[f"thirty-{name}.a"].mortality_30_day
    assert (decision.denominator, decision.numerator, decision.exclusion) == (False, False, EXCLUDED[name][1])


@pytest.mark.parametrize("name", INCLUDED)
def test_any_other_stay_counts(decided: dict[str, Row], name: str) -> None:
    assert decided[f"thirty-{name}.a"].mortality_30_day.exclusions == []


def test_unreliable_demographics_take_a_stay_out_of_30_day_mortality_only(decided: dict[str, Row]) -> None:
    row = decided["thirty-sex-missing.a"]
    assert (row.readmission_30_day.exclusions, row.mortality_in_hospital.exclusions) == ([], [])


def test_a_death_after_an_ineligible_stay_counts_nowhere(decided: dict[str, Row]) -> None:
    for name in ("then-in-rehabilitation", "then-open", "then-against-advice"):
        deaths = [decided[f"thirty-{name}.{id}"].mortality_30_day.numerator for id in "ab"]
        assert deaths == [False, False]


def test_a_death_counts_for_the_first_leg_of_a_chain_only(decided: dict[str, Row]) -> None:
    second = decided["thirty-in-second-leg.b"].mortality_30_day
    assert (second.exclusion, second.numerator) == ("transferred_in", False)


def test_a_death_counts_once_for_the_latest_of_two_stays(decided: dict[str, Row]) -> None:
    assert decided["thirty-then-admitted.b"].mortality_30_day.numerator
    assert not decided["thirty-after-an-earlier-stay.z"].mortality_30_day.numerator


def test_without_a_date_of_death_the_discharge_is_the_day_of_death(decided: dict[str, Row]) -> None:
    assert decided["thirty-expired-undated.a"].mortality_30_day.event_on == date(2025, 3, 5)


def test_a_stay_can_be_judged_30_days_after_admission(decided: dict[str, Row]) -> None:
    decision = decided["thirty-day-29.a"].mortality_30_day
    assert (decision.matures_on, decision.event_on) == (date(2025, 3, 31), date(2025, 3, 30))
