"""In-hospital mortality: which stay the patient died in, and which stays count (MEASURES 2.1)."""

from typing import Any

import pytest
from pyspark.sql import Row
from tests.support.builders import NUBC, Resource, concept, encounter, patient, story


def stay(
    id: str = "a", start: str = "03-01", end: str | None = "03-05", hospital: str = "H1", **facts: Any
) -> Resource:
    return encounter(id, start=f"2025-{start}", end=end and f"2025-{end}", hospital=hospital, **facts)


def died(day: str) -> Resource:
    return patient(died=f"2025-{day}")


OTHER = {"disposition": "oth"}  # mapped to unknown, as if there were none
HOME = {"disposition": "home"}
DIED_IN = {
    "expired": story(stay(disposition="exp")),
    "expired-and-alive": story(stay(disposition="exp"), of=patient(deceasedBoolean=False)),
    "expired-nubc": story(stay(disposition=concept(NUBC, "20"))),
    "expired-died-later": story(stay(disposition="exp"), of=died("03-09")),
    "no-disposition-first-day": story(stay(), of=died("03-01")),
    "no-disposition-last-day": story(stay(), of=died("03-05")),
    "unmapped-last-day": story(stay(**OTHER), of=died("03-05")),
    "live-but-dead-first-day": story(stay(**HOME), of=died("03-01")),
    "live-but-dead-the-day-before": story(stay(**HOME), of=died("03-04")),
    "date-only": story(stay(start="03-05T09:00:00Z", end="03-05T14:00:00Z"), of=died("03-05")),
}
NOT_DIED_IN = {
    "alive": story(stay()),
    "no-disposition-day-after": story(stay(), of=died("03-06")),
    "live-on-last-day": story(stay(**HOME), of=died("03-05")),
    "live-and-dead-later": story(stay(**HOME), of=died("03-06")),
    "dead-sometime": story(stay(**HOME), of=patient(deceasedBoolean=True)),
    "dead-sometime-no-disposition": story(stay(), of=patient(deceasedBoolean=True)),
    "dead-some-month": story(stay(), of=patient(died="2025-03")),
}
EXCLUDED = {
    "not-acute": (story(stay(kind="NONAC", disposition="exp")), "not_acute"),
    "admitted-after-death": (story(stay(), of=died("02-28")), "inconsistent_vital_status"),
    "sent-on": (story(stay(), stay("b", "03-06", "03-09", "H2", disposition="exp")), "transferred_out"),
    "sent-away": (story(stay(disposition=concept(NUBC, "02"))), "transferred_out"),
}
TWO_CLAIMS = {
    "touching": story(stay(), stay("b", "03-05", "03-09"), of=died("03-05")),
    "both-expired": story(
        stay(disposition="exp"), stay("b", "03-20", "03-25", disposition="exp"), of=died("03-25")
    ),
}
OTHERS = {
    "against-advice": story(stay(disposition="aadvice")),
    "second-leg": story(stay(), stay("b", "03-06", "03-09", "H2", disposition="exp")),
    "open": story(stay(end=None, status="in-progress"), of=died("03-05")),
}
STORIES = {
    **{
        f"in-hospital-{name}": told
        for name, told in {**DIED_IN, **NOT_DIED_IN, **TWO_CLAIMS, **OTHERS}.items()
    },
    **{f"in-hospital-{name}": told for name, (told, _) in EXCLUDED.items()},
}


@pytest.mark.parametrize("name", DIED_IN)
def test_a_death_by_disposition_or_by_its_date_is_an_in_hospital_death(
    decided: dict[str, Row], name: str
) -> None:
    decision = decided[f"in-hospital-{name}.a"].mortality_in_hospital
    assert (decision.denominator, decision.numerator, decision.value) == (True, True, 1.0)


@pytest.mark.parametrize("name", NOT_DIED_IN)
def test_any_other_stay_is_one_the_patient_survived(decided: dict[str, Row], name: str) -> None:
    decision = decided[f"in-hospital-{name}.a"].mortality_in_hospital
    assert (decision.denominator, decision.numerator, decision.value) == (True, False, 0.0)


@pytest.mark.parametrize("name", EXCLUDED)
def test_a_stay_that_a_clause_takes_out_does_not_count(decided: dict[str, Row], name: str) -> None:
    decision = decided[f"in-hospital-{name}.a"].mortality_in_hospital
    assert (decision.denominator, decision.numerator, decision.exclusion) == (False, False, EXCLUDED[name][1])


@pytest.mark.parametrize("name", TWO_CLAIMS)
def test_of_two_stays_that_claim_the_death_the_latest_admitted_has_it(
    decided: dict[str, Row], name: str
) -> None:
    deaths = [decided[f"in-hospital-{name}.{id}"].mortality_in_hospital.numerator for id in "ab"]
    assert deaths == [False, True]


def test_a_stay_left_against_advice_counts(decided: dict[str, Row]) -> None:
    assert decided["in-hospital-against-advice.a"].mortality_in_hospital.denominator


def test_the_last_leg_of_a_transfer_counts_and_has_the_death(decided: dict[str, Row]) -> None:
    decision = decided["in-hospital-second-leg.b"].mortality_in_hospital
    assert (decision.denominator, decision.numerator) == (True, True)


def test_an_open_stay_has_no_death_yet(decided: dict[str, Row]) -> None:
    decision = decided["in-hospital-open.a"].mortality_in_hospital
    assert (decision.exclusion, decision.numerator) == ("not_finished", False)


def test_a_death_on_the_day_of_a_live_discharge_is_named_in_readmission(decided: dict[str, Row]) -> None:
    assert decided["in-hospital-live-on-last-day.a"].readmission_30_day.exclusion == "died_on_discharge_date"
