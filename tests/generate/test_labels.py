"""Labels follow from the plan: one test per edge of a distance, on hand-made plans."""

import pytest

from metriccare.definitions.value_sets import load
from metriccare.generate import vocabulary
from metriccare.generate.dates import clock
from metriccare.generate.labels import mortality, readmission
from metriccare.generate.plan import Death, DeathForm, Hospital, PatientPlan, Person, StayPlan

END = 740_000
HERE = Hospital("h1", "Here", clock("America/Chicago"), 1, 1, 1, 1, True)
THERE = Hospital("h2", "There", clock("America/Chicago"), 1, 1, 1, 1, True)
FIRST, SECOND = vocabulary.acute_diagnoses()[:2]
HOME = vocabulary.codes_of("discharge_disposition", "home")[0]


def stay(**changes: object) -> StayPlan:
    plain = StayPlan(HERE, 4, FIRST, HOME, admission_day=END - 400, discharge_day=END - 396)
    plain.first_leg = plain
    for name, value in changes.items():
        setattr(plain, name, value)
    return plain


def plan(*stays: StayPlan, death: Death | None = None) -> PatientPlan:
    person = Person("p", 0, True, END - 20_000, END - 13_000, "day", [])
    return PatientPlan(person, HERE, list(stays), death, [])


@pytest.mark.parametrize(("gap", "expected"), [(0, True), (30, True), (31, False)])
def test_readmitted_up_to_day_thirty(gap: int, expected: bool) -> None:
    assert readmission.readmitted(stay(next_acute=stay(after=gap))) is expected


def test_a_planned_next_stay_counts_for_all_causes_only() -> None:
    planned = stay(after=10, principal=load("planned_diagnosis")[0])
    assert readmission.readmitted(stay(next_acute=planned))
    assert not readmission.readmitted_unplanned(stay(next_acute=planned))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"principal": FIRST}, "same_day_continuation"),
        ({"principal": SECOND}, None),
        ({"principal": FIRST, "after": 1}, None),
        ({"principal": FIRST, "hospital": THERE}, None),
    ],
)
def test_only_the_same_day_hospital_and_diagnosis_continue(changes: dict[str, object], reason: str) -> None:
    index = stay(next_acute=stay(**changes))
    assert readmission.exclusion(plan(index), index, END) == reason


@pytest.mark.parametrize(("before_end", "reason"), [(30, None), (29, "follow_up_incomplete")])
def test_follow_up_needs_thirty_days(before_end: int, reason: str | None) -> None:
    index = stay(discharge_day=END - before_end, admission_day=END - before_end)
    assert readmission.exclusion(plan(index), index, END) == reason
    assert mortality.thirty_day_exclusion(plan(index), index, END) == reason


@pytest.mark.parametrize(("days", "expected"), [(0, True), (30, True), (31, False)])
def test_deaths_count_up_to_day_thirty_after_admission(days: int, expected: bool) -> None:
    last = stay()
    death = Death(last, days, DeathForm.DATE)
    assert mortality.died_within_thirty_days(plan(last, death=death), last) is expected


def test_a_death_belongs_to_the_first_leg_of_the_last_chain() -> None:
    earlier, first = stay(), stay()
    second = stay(is_transfer=True, first_leg=first)
    whole = plan(earlier, first, second, death=Death(second, 3, DeathForm.INSTANT))
    assert [mortality.died_within_thirty_days(whole, item) for item in whole.stays] == [False, True, False]


def test_a_death_without_a_date_is_known_if_a_stay_ended_with_it() -> None:
    expired = stay(disposition=vocabulary.codes_of("discharge_disposition", "expired")[0])
    assert Death(expired, 4, DeathForm.BOOLEAN).date_known
    assert not Death(stay(), 9, DeathForm.BOOLEAN).date_known


def test_the_first_reason_wins() -> None:
    index = stay(dies=True, disposition=vocabulary.codes_of("discharge_disposition", "acute_transfer")[0])
    assert readmission.exclusion(plan(index), index, END) == "died_in_hospital"
    assert mortality.in_hospital_exclusion(plan(index), index) == "transferred_out"
