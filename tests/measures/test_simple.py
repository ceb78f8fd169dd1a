"""The profile `simple`: plain counts as third parties make them (MEASURES 1.4)."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from pyspark.sql import Row
from tests.support.builders import CHEMOTHERAPY, NUBC, Resource, concept, encounter, patient, stay_for, story


def stay(
    id: str = "a", start: str = "03-01", end: str | None = "03-05", hospital: str = "H1", **facts: Any
) -> Resource:
    return encounter(id, start=f"2025-{start}", end=end and f"2025-{end}", hospital=hospital, **facts)


def died(day: str) -> Resource:
    return patient(died=f"2025-{day}")


READMITTED = {
    "day-0": story(stay(), stay("b", "03-05", "03-09")),
    "day-30": story(stay(), stay("b", "04-04", "04-09")),
    "to-rehabilitation": story(stay(), stay("b", "03-20", "03-25", kind="NONAC")),
    "from-rehabilitation": story(stay(kind="NONAC"), stay("b", "03-20", "03-25")),
    "open": story(stay(), stay("b", "03-20", None, status="in-progress")),
    "transfer": story(stay(disposition=concept(NUBC, "02")), stay("b", "03-06", "03-09", "H2")),
    "against-advice": story(stay(disposition="aadvice"), stay("b", "03-20", "03-25")),
    "newborn": story(stay(), stay("b", "03-20", "03-25"), of=patient(born="2025-02-27")),
    "birth-unknown": story(stay(), stay("b", "03-20", "03-25"), of=patient(born=None)),
    "admitted-after-death": story(stay(), stay("b", "03-20", "03-25"), of=died("03-10")),
}
NOT_READMITTED = {
    "never": story(stay()),
    "day-31": story(stay(), stay("b", "04-05", "04-09")),
    "visit": story(stay(), stay("b", "03-20", "03-21", kind="EMER")),
    "overlapping": story(stay(), stay("b", "03-03", "03-09", "H2"), stay("c", "03-20", "03-22")),
}
DEAD = {
    "expired": story(stay(disposition="exp")),
    "dead-inside": story(stay(disposition="home"), of=died("03-03")),
    "dead-on-discharge": story(stay(disposition="home"), of=died("03-05")),
    "dead-before": story(stay(), of=died("02-27")),
}
DEATH_DAYS = {
    "died-before": ("02-28", False, False),
    "died-on-admission": ("03-01", True, True),
    "died-on-discharge": ("03-05", True, True),
    "died-the-day-after": ("03-06", False, True),
    "died-day-30": ("03-31", False, True),
    "died-day-31": ("04-01", False, False),
}
OTHERS = {
    "nobody": story(stay(), of=None),
    "still-there": story(stay(end=None, status="in-progress")),
    "without-end": story(stay(end=None)),
    "reversed": story(stay(start="03-05", end="03-01")),
    "planned": story(stay(), stay_for(CHEMOTHERAPY, "b", start="2025-03-20", end="2025-03-22")),
    "died-after-two": story(stay("a", "02-25", "02-27"), stay("b", "03-10", "03-12"), of=died("03-20")),
    "legs": story(stay(), stay("b", "03-06", "03-09", "H2")),
    **{name: story(stay(disposition="home"), of=died(day)) for name, (day, *_) in DEATH_DAYS.items()},
}
STORIES = {
    f"simple-{name}": told for name, told in {**READMITTED, **NOT_READMITTED, **DEAD, **OTHERS}.items()
}


@pytest.fixture(scope="module")
def plain(decided_by: Callable[[str], dict[str, Row]]) -> dict[str, Row]:
    return decided_by("simple")


@pytest.mark.parametrize("name", READMITTED)
def test_any_next_inpatient_stay_on_day_0_to_30_is_a_readmission(plain: dict[str, Row], name: str) -> None:
    decision = plain[f"simple-{name}.a"].readmission_30_day
    assert (decision.denominator, decision.numerator, decision.value) == (True, True, 1.0)


@pytest.mark.parametrize("name", NOT_READMITTED)
def test_a_later_or_an_overlapping_next_stay_is_none(plain: dict[str, Row], name: str) -> None:
    decision = plain[f"simple-{name}.a"].readmission_30_day
    assert (decision.denominator, decision.numerator, decision.value) == (True, False, 0.0)


@pytest.mark.parametrize("name", DEAD)
def test_who_did_not_leave_alive_cannot_be_readmitted(plain: dict[str, Row], name: str) -> None:
    row = plain[f"simple-{name}.a"]
    for decision in (row.readmission_30_day, row.readmission_30_day_unplanned):
        assert (decision.initial_population, decision.denominator) == (True, False)
        assert decision.exclusions == ["died_in_hospital"]


@pytest.mark.parametrize("name", DEATH_DAYS)
def test_deaths_are_counted_by_their_date_alone(plain: dict[str, Row], name: str) -> None:
    row = plain[f"simple-{name}.a"]
    _, in_hospital, within_30_days = DEATH_DAYS[name]
    assert (row.mortality_in_hospital.denominator, row.mortality_30_day.denominator) == (True, True)
    assert (row.mortality_in_hospital.numerator, row.mortality_30_day.numerator) == (
        in_hospital,
        within_30_days,
    )


def test_a_death_counts_for_every_stay_it_follows_within_30_days(plain: dict[str, Row]) -> None:
    rows = [plain[f"simple-died-after-two.{id}"].mortality_30_day for id in "ab"]
    assert [(row.numerator, row.event_on) for row in rows] == [(True, date(2025, 3, 20))] * 2


def test_without_a_date_an_expired_disposition_is_no_death(plain: dict[str, Row]) -> None:
    assert not plain["simple-expired.a"].mortality_in_hospital.numerator


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("nobody", "patient_unknown"),
        ("still-there", "not_finished"),
        ("without-end", "dates_unusable"),
        ("reversed", "end_before_start"),
    ],
)
def test_only_finished_stays_of_known_patients_with_start_and_end_count(
    plain: dict[str, Row], name: str, reason: str
) -> None:
    row = plain[f"simple-{name}.a"]
    for decision in (row.readmission_30_day, row.mortality_30_day, row.length_of_stay_billing, row.infection):
        assert (decision.initial_population, decision.exclusion) == (False, reason)


def test_a_planned_readmission_is_none_of_the_unplanned(plain: dict[str, Row]) -> None:
    row = plain["simple-planned.a"]
    assert (row.readmission_30_day.numerator, row.readmission_30_day_unplanned.numerator) == (True, False)


def test_every_leg_of_a_transfer_is_a_stay_of_its_own(plain: dict[str, Row]) -> None:
    rows = [plain[f"simple-legs.{id}"] for id in "ab"]
    assert [row.readmission_30_day.numerator for row in rows] == [True, False]
    assert [row.mortality_30_day.denominator for row in rows] == [True, True]
    assert [row.length_of_stay_episode_billing.value for row in rows] == [4.0, 3.0]


def test_no_follow_up_is_waited_for(plain: dict[str, Row]) -> None:
    row = plain["simple-never.a"]
    assert row.readmission_30_day.matures_on == row.mortality_30_day.matures_on == date(2025, 3, 5)
