"""The worked examples of MEASURES section 7, by number; dates are of 2025 unless an example names a year.

Example 26 (a small cell) is a case of result/test_published.py.
"""

from datetime import date
from typing import Any

import pytest
from pyspark.sql import Row
from pytest import approx
from tests.support.builders import (
    ASTHMA,
    CHEMOTHERAPY,
    HEART_FAILURE,
    NUBC,
    PNEUMONIA,
    SEPSIS,
    SNOMED,
    UTI,
    Lake,
    Resource,
    concept,
    condition,
    diagnosis,
    encounter,
    ids_of,
    patient,
    stay_for,
    story,
)

from metriccare.reporting.why.decision import reason_at


def stay(id: str, start: str, end: str | None, hospital: str = "H1", **facts: Any) -> Resource:
    return encounter(id, start=f"2025-{start}", end=end and f"2025-{end}", hospital=hospital, **facts)


def stay_of(code: str, id: str, start: str, end: str, **facts: Any) -> list[Resource]:
    return stay_for(code, id, start=f"2025-{start}", end=f"2025-{end}", **facts)


def pneumonia(poa: str) -> list[Resource]:
    return story(
        stay("a", "03-01", "03-09", diagnoses=[diagnosis("c", poa=poa)]),
        condition("c", PNEUMONIA, "a", onset="2025-03-04"),
    )


IN_2024 = {"start": "2024-03-01", "end": "2024-03-05"}
FIRST, FIRST_AT_TEN = ("03-01", "03-05"), ("03-01T08:00:00Z", "03-05T10:00:00Z")
STORIES = {
    "example-1": story(stay("a", *FIRST), stay_of(ASTHMA, "b", "04-04", "04-06")),
    "example-2": story(stay("a", *FIRST), stay_of(ASTHMA, "b", "04-05", "04-06")),
    "example-3": story(
        stay_of(ASTHMA, "a", "03-01T08:00:00Z", "03-05T23:30:00Z"),
        stay_of(HEART_FAILURE, "b", "03-06T00:10:00Z", "03-09T08:00:00Z"),
    ),
    "example-4": story(
        stay("a", *FIRST), stay("b", "03-06", "03-09", "H2", disposition="home"), stay("c", "03-20", "03-22")
    ),
    "example-5": story(stay("a", *FIRST), stay("b", "03-07", "03-09", "H2")),
    "example-6": story(
        stay_of(ASTHMA, "a", *FIRST_AT_TEN), stay_of(ASTHMA, "b", "03-05T18:00:00Z", "03-08T10:00:00Z")
    ),
    "example-7": story(
        stay_of(ASTHMA, "a", *FIRST_AT_TEN), stay_of(HEART_FAILURE, "b", "03-05T18:00:00Z", "03-08T10:00:00Z")
    ),
    "example-8": story(stay("a", *FIRST), stay("b", "03-10", "03-12"), stay("c", "03-20", "03-22")),
    "example-9": story(
        stay("a", *FIRST),
        stay_of(CHEMOTHERAPY, "b", "03-10", "03-12"),
        stay_of(ASTHMA, "c", "03-15", "03-17"),
    ),
    "example-10": story(
        stay("a", *FIRST, disposition="home"),
        stay("b", "03-20", "03-25", disposition="exp"),
        of=patient(died="2025-03-25"),
    ),
    "example-11": story(stay("a", *FIRST, disposition="home"), of=patient(died="2025-03-20")),
    "example-12-nubc": story(stay("z", "02-10", "02-12"), stay("a", *FIRST, disposition=concept(NUBC, "07"))),
    "example-12-hl7": story(stay("z", "02-10", "02-12"), stay("a", *FIRST, disposition="aadvice")),
    "example-12-snomed": story(
        stay("z", "02-10", "02-12"), stay("a", *FIRST, disposition=concept(SNOMED, "445060000"))
    ),
    "example-13": story(stay("a", *FIRST, disposition=concept(NUBC, "02"))),
    "example-14": story(stay("a", "02-20", "03-01"), of=patient()),
    "example-14-late": story(stay("a", "02-20", "03-02"), of=patient()),
    "example-15": story(encounter("a", disposition="home", **IN_2024), of=patient(died="2024-03-31")),
    "example-15-late": story(encounter("a", disposition="home", **IN_2024), of=patient(died="2024-04-01")),
    "example-16": story(
        encounter("a", start="2024-03-01T09:00:00Z", end="2024-03-05T14:00:00Z"),
        of=patient(died="2024-03-05"),
    ),
    "example-17": story(stay("a", "03-01", "03-03"), of=patient(died="2025-02-20")),
    "example-18": story(
        stay("a", "03-01T23:50:00Z", "03-09T08:00:00Z"),
        condition("c", SEPSIS, "a", onset="2025-03-03T00:10:00Z"),
    ),
    "example-19": story(
        stay("a", "03-01", "03-20"),
        *(condition(f"c{day}", UTI, "a", onset=f"2025-03-{day}") for day in ("02", "12", "16")),
    ),
    **{f"example-20-{poa}": pneumonia(poa) for poa in "YNU"},
    **{
        f"example-21-{status}": story(
            stay("a", "03-01", "03-09"), condition("c", SEPSIS, "a", onset="2025-03-05", verification=status)
        )
        for status in ("refuted", "entered-in-error")
    },
    "example-22": story(stay("a", "03-01T08:00:00Z", "03-01T20:00:00Z")),
    "example-23": story(stay("a", "03-01T23:00:00Z", "03-02T01:00:00Z")),
    "example-24": story(encounter("a", start="2022-11-06T01:52:00-04:00", end="2022-11-06T01:07:00-05:00")),
    "example-25": story(stay("a", "03-28", None, status="in-progress")),
    **{
        f"example-27-{kind}": story(stay("a", *FIRST), stay("b", "03-10", "03-11", kind=kind))
        for kind in ("EMER", "OBSENC")
    },
    "example-28": story(stay("a", *FIRST), stay("icu", "03-02", "03-04", kind="ACUTE", part_of="a")),
}


def is_index(row: Row) -> bool:
    return row.readmission_30_day.denominator


def is_readmitted(row: Row) -> bool:
    return row.readmission_30_day.numerator


def test_example_1_an_admission_on_day_30_is_a_readmission(decided: dict[str, Row]) -> None:
    row = decided["example-1.a"]
    assert is_readmitted(row)
    assert row.readmission_30_day_unplanned.numerator


def test_example_2_an_admission_on_day_31_is_none(decided: dict[str, Row]) -> None:
    row = decided["example-2.a"]
    assert is_index(row)
    assert not is_readmitted(row)


def test_example_3_the_same_hospital_the_next_day_is_a_readmission_and_no_transfer(
    decided: dict[str, Row],
) -> None:
    assert is_index(decided["example-3.a"])
    assert is_readmitted(decided["example-3.a"])


def test_example_4_of_a_transfer_only_the_last_leg_is_an_index_admission(decided: dict[str, Row]) -> None:
    assert decided["example-4.a"].readmission_30_day.exclusion == "transferred_out"
    last = decided["example-4.b"]
    assert (is_index(last), is_readmitted(last), last.hospital_id) == (True, True, "H2")
    assert last.readmission_30_day.event_on == date(2025, 3, 20)


def test_example_5_a_gap_of_two_days_is_no_transfer_but_a_readmission(decided: dict[str, Row]) -> None:
    row = decided["example-5.a"]
    assert (is_index(row), is_readmitted(row), row.hospital_id) == (True, True, "H1")


def test_example_6_back_the_same_day_for_the_same_is_one_continuous_stay(decided: dict[str, Row]) -> None:
    first, second = (decided[f"example-6.{id}"] for id in "ab")
    assert first.readmission_30_day.exclusion == "same_day_continuation"
    assert not is_readmitted(first)
    assert (is_index(second), is_readmitted(second)) == (True, False)


def test_example_7_back_the_same_day_for_something_else_is_a_readmission(decided: dict[str, Row]) -> None:
    first, second = (decided[f"example-7.{id}"] for id in "ab")
    assert (is_index(first), is_readmitted(first)) == (True, True)
    assert is_index(second)


def test_example_8_each_stay_looks_at_the_next_one_only(decided: dict[str, Row]) -> None:
    rows = [decided[f"example-8.{id}"] for id in "abc"]
    assert [is_index(row) for row in rows] == [True, True, True]
    assert [is_readmitted(row) for row in rows] == [True, True, False]
    assert [row.readmission_30_day.event_on for row in rows[:2]] == [date(2025, 3, 10), date(2025, 3, 20)]


def test_example_9_a_planned_admission_hides_the_unplanned_one_after_it(decided: dict[str, Row]) -> None:
    row = decided["example-9.a"]
    assert (is_readmitted(row), row.readmission_30_day_unplanned.numerator) == (True, False)
    assert row.readmission_30_day.event_on == date(2025, 3, 10)
    assert decided["example-9.b"].readmission_30_day.exclusion == "cancer_treatment"


def test_example_10_a_death_belongs_to_the_latest_admission_before_it(decided: dict[str, Row]) -> None:
    first, second = (decided[f"example-10.{id}"] for id in "ab")
    assert is_readmitted(first)
    assert second.readmission_30_day.exclusion == "died_in_hospital"
    assert [row.mortality_in_hospital.numerator for row in (first, second)] == [False, True]
    assert [row.mortality_30_day.numerator for row in (first, second)] == [False, True]
    assert first.mortality_30_day.denominator


def test_example_11_a_death_at_home_is_no_readmission_but_a_30_day_death(decided: dict[str, Row]) -> None:
    row = decided["example-11.a"]
    assert (is_index(row), is_readmitted(row), row.mortality_30_day.numerator) == (True, False, True)


@pytest.mark.parametrize("coded", ["nubc", "hl7", "snomed"])
def test_example_12_left_against_advice_is_no_index_admission_but_may_be_a_readmission(
    decided: dict[str, Row], coded: str
) -> None:
    row = decided[f"example-12-{coded}.a"]
    assert row.readmission_30_day.exclusion == "left_against_medical_advice"
    assert is_readmitted(decided[f"example-12-{coded}.z"])


def test_example_13_a_transfer_to_a_hospital_that_sends_no_data_counts_nowhere(
    decided: dict[str, Row],
) -> None:
    row = decided["example-13.a"]
    assert row.readmission_30_day.exclusion == "transferred_out"
    assert row.mortality_in_hospital.exclusion == "transferred_out"


def test_example_14_follow_up_is_complete_on_the_30th_day(decided: dict[str, Row]) -> None:
    rows = [decided[f"example-14{name}.a"].asDict(recursive=True) for name in ("", "-late")]
    reasons = {row["stay_id"]: reason_at(row, "readmission_30_day", date(2025, 3, 31)) for row in rows}
    assert reasons == {"example-14.a": None, "example-14-late.a": "follow_up_incomplete"}


def test_example_15_a_death_on_day_30_counts_and_on_day_31_does_not(decided: dict[str, Row]) -> None:
    assert decided["example-15.a"].mortality_30_day.numerator
    late = decided["example-15-late.a"].mortality_30_day
    assert (late.denominator, late.numerator) == (True, False)


def test_example_16_a_death_known_by_date_only_is_compared_by_date(decided: dict[str, Row]) -> None:
    assert decided["example-16.a"].mortality_in_hospital.numerator


def test_example_17_a_stay_after_the_death_is_inconsistent(decided: dict[str, Row]) -> None:
    row = decided["example-17.a"]
    for decision in (row.readmission_30_day, row.mortality_in_hospital, row.mortality_30_day):
        assert (decision.denominator, decision.exclusion) == (False, "inconsistent_vital_status")


def test_example_18_hospital_day_3_is_counted_by_calendar_days(
    infections: dict[str, Row], decided: dict[str, Row]
) -> None:
    event = infections["example-18.c"]
    assert (event.hospital_day, event.decision) == (3, "hospital_onset")
    assert decided["example-18.a"].infection.value == 1.0


def test_example_19_an_infection_present_on_admission_opens_the_14_days(
    infections: dict[str, Row], decided: dict[str, Row]
) -> None:
    found = [infections[f"example-19.c{day}"].decision for day in ("02", "12", "16")]
    assert found == ["present_on_admission", "repeat_within_14_days", "hospital_onset"]
    assert decided["example-19.a"].infection.value == 1.0


@pytest.mark.parametrize(
    ("poa", "decision"), [("Y", "present_on_admission"), ("N", "hospital_onset"), ("U", "hospital_onset")]
)
def test_example_20_the_indicator_decides_before_the_dates(
    infections: dict[str, Row], poa: str, decision: str
) -> None:
    assert infections[f"example-20-{poa}.c"].decision == decision


@pytest.mark.parametrize("status", ["refuted", "entered-in-error"])
def test_example_21_a_refuted_or_erroneous_infection_is_ignored(decided: dict[str, Row], status: str) -> None:
    decision = decided[f"example-21-{status}.a"].infection
    assert (decision.denominator, decision.numerator, decision.value) == (True, False, 0.0)


def lengths(row: Row) -> tuple[float, float, float]:
    return (
        row.length_of_stay_midnights.value,
        row.length_of_stay_billing.value,
        row.length_of_stay_fractional.value,
    )


def test_example_22_a_same_day_stay_has_no_midnight_and_one_billing_day(
    lake: Lake, decided: dict[str, Row]
) -> None:
    assert lengths(decided["example-22.a"]) == approx((0, 1, 0.5))
    assert [row.days for row in lake.patient_days(date(2025, 12, 31), "example-22").collect()] == [0]


def test_example_23_two_hours_over_midnight_are_one_day(decided: dict[str, Row]) -> None:
    assert lengths(decided["example-23.a"]) == approx((1, 1, 0.083), abs=0.0005)


def test_example_24_fifteen_minutes_across_the_end_of_summer_time_are_valid(decided: dict[str, Row]) -> None:
    row = decided["example-24.a"]
    assert row.length_of_stay_midnights.exclusions == []
    assert lengths(row) == approx((0, 1, 15 / 1440))


def test_example_25_an_open_stay_has_patient_days_only(lake: Lake, decided: dict[str, Row]) -> None:
    row = decided["example-25.a"]
    assert row.length_of_stay_billing.exclusion == row.readmission_30_day.exclusion == "not_finished"
    days = lake.patient_days(date(2025, 3, 31), "example-25").collect()
    assert [(day.month, day.days, day.is_open) for day in days] == [("2025-03", 3, True)]


@pytest.mark.parametrize("kind", ["EMER", "OBSENC"])
def test_example_27_a_visit_or_an_observation_is_no_readmission(decided: dict[str, Row], kind: str) -> None:
    row = decided[f"example-27-{kind}.a"]
    assert (is_index(row), is_readmitted(row)) == (True, False)


def test_example_28_a_segment_is_no_stay_and_no_readmission(decided: dict[str, Row]) -> None:
    assert ids_of(decided, "example-28") == ["a"]
    assert (is_index(decided["example-28.a"]), is_readmitted(decided["example-28.a"])) == (True, False)
