"""Which encounters are stays (MEASURES 0.1), and how old the patient is on admission (0.5)."""

from datetime import date

import pytest
from pyspark.sql import Row
from tests.support.builders import encounter, ids_of, patient, story

DATED = {"start": "2025-03-01", "end": "2025-03-05"}
STATUSES = (
    "planned",
    "arrived",
    "triaged",
    "in-progress",
    "onleave",
    "finished",
    "cancelled",
    "entered-in-error",
    "unknown",
)
CLASSES = ("IMP", "ACUTE", "NONAC", "OBSENC", "SS", "EMER", "AMB", "HH", "VR", "PRENC")

# Encounters of one story lie at hospitals of their own, so that none is merged with another.
AGES = {
    "day-before-18": ("2007-03-02", "2025-03-01", 17),
    "on-18": ("2007-03-01", "2025-03-01", 18),
    "leap-day-before": ("2000-02-29", "2018-02-28", 17),
    "leap-day-after": ("2000-02-29", "2018-03-01", 18),
    "leap-day-on": ("2000-02-29", "2020-02-29", 20),
    "born-that-day": ("2025-03-01", "2025-03-01", 0),
    "end-of-year": ("1960-12-31", "2025-12-30", 64),
}
STORIES = {
    "status": story(*(encounter(status, hospital=status, status=status, **DATED) for status in STATUSES)),
    "status-undated": story(
        *(encounter(status, hospital=status, status=status) for status in STATUSES),
        encounter("unknown-start", hospital="X", status="unknown", start="2025-03-01"),
        encounter("unknown-month", hospital="Y", status="unknown", start="2025-03-01", end="2025-03"),
    ),
    "kind": story(*(encounter(kind, hospital=kind, kind=kind, **DATED) for kind in CLASSES)),
    "patient-unknown": story(encounter("a", **DATED), encounter("b", None, hospital="H2", **DATED), of=None),
    "patient-known": story(encounter("a", **DATED), of=patient(died="2025-03-05T14:00:00Z", gender="male")),
    "local-days": story(encounter("a", start="2025-03-01T23:50:00-05:00", end="2025-03-05T01:00:00+09:00")),
    "times-first-and-last": story(
        encounter("a", start="2025-03-01T08:00:00Z", end="2025-03-04"),
        encounter("b", start="2025-03-03", end="2025-03-06T10:00:00Z"),
    ),
    "times-not-at-the-end": story(
        encounter("a", start="2025-03-01T08:00:00Z", end="2025-03-04T10:00:00Z"),
        encounter("b", start="2025-03-03T08:00:00Z", end="2025-03-06"),
    ),
    "times-not-at-the-start": story(
        encounter("a", start="2025-03-01", end="2025-03-04T10:00:00Z"),
        encounter("b", start="2025-03-03T08:00:00Z", end="2025-03-06T10:00:00Z"),
    ),
    "age-partial": story(encounter("a", **DATED), of=patient(born="1960")),
    "age-undated": story(encounter("a", end="2025-03-05")),
    **{
        f"age-{name}": story(encounter("a", start=day, end=day), of=patient(born=born))
        for name, (born, day, _) in AGES.items()
    },
}


def test_only_encounters_that_are_or_were_going_on_are_stays(stays: dict[str, Row]) -> None:
    assert ids_of(stays, "status") == ["finished", "in-progress", "onleave", "unknown"]


def test_an_encounter_of_unknown_status_is_a_stay_only_with_both_dates(stays: dict[str, Row]) -> None:
    assert ids_of(stays, "status-undated") == ["finished", "in-progress", "onleave"]


def test_stays_in_progress_or_on_leave_are_open_and_have_no_end(stays: dict[str, Row]) -> None:
    is_open = {status: stays[f"status.{status}"].is_open for status in ids_of(stays, "status")}
    assert is_open == {"finished": False, "in-progress": True, "onleave": True, "unknown": False}
    assert stays["status.in-progress"].discharge_date is None
    assert stays["status.finished"].discharge_date == date(2025, 3, 5)


def test_only_inpatient_classes_are_stays_and_nonac_is_not_acute(stays: dict[str, Row]) -> None:
    is_acute = {kind: stays[f"kind.{kind}"].is_acute for kind in ids_of(stays, "kind")}
    assert is_acute == {"ACUTE": True, "IMP": True, "NONAC": False}


def test_a_stay_of_an_unknown_patient_stays(stays: dict[str, Row]) -> None:
    assert ids_of(stays, "patient-unknown") == ["a", "b"]
    rows = [stays[f"patient-unknown.{id}"] for id in "ab"]
    assert [(row.is_patient_known, row.age) for row in rows] == [(False, None), (False, None)]


def test_a_stay_knows_its_patient(stays: dict[str, Row]) -> None:
    row = stays["patient-known.a"]
    assert (row.is_patient_known, row.sex, row.birth_date) == (True, "male", date(1960, 5, 17))
    assert (row.is_deceased, row.death_date) == (True, date(2025, 3, 5))


def test_the_days_of_a_stay_are_the_days_as_written(stays: dict[str, Row]) -> None:
    row = stays["local-days.a"]
    assert (row.admission_date, row.discharge_date) == (date(2025, 3, 1), date(2025, 3, 5))


def test_a_stay_has_times_if_its_first_start_and_its_last_end_do(stays: dict[str, Row]) -> None:
    has_times = {name: stays[f"times-{name}.a"].has_times for name in ("first-and-last", "not-at-the-end")}
    assert has_times == {"first-and-last": True, "not-at-the-end": False}
    assert not stays["times-not-at-the-start.a"].has_times


@pytest.mark.parametrize("name", AGES)
def test_age_is_in_completed_years_on_the_day_of_admission(stays: dict[str, Row], name: str) -> None:
    assert stays[f"age-{name}.a"].age == AGES[name][2]


def test_age_is_unknown_without_a_birth_date_or_an_admission_date(stays: dict[str, Row]) -> None:
    assert stays["age-partial.a"].age is None
    assert stays["age-undated.a"].age is None
