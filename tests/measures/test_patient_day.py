"""gold.patient_day: the nights in hospital by month, open stays too (MEASURES 3.4)."""

from datetime import date

import pytest
from tests.support.builders import Lake, encounter, patient, story

AS_OF = date(2025, 6, 30)
STORIES = {
    "nights-one-month": story(encounter("a", start="2025-03-01T23:00:00Z", end="2025-03-05T01:00:00Z")),
    "nights-two-months": story(encounter("a", start="2025-01-30", end="2025-02-02")),
    "nights-last-of-month": story(encounter("a", start="2025-01-31", end="2025-02-01")),
    "nights-first-of-month": story(encounter("a", start="2025-02-01", end="2025-03-01")),
    "nights-new-year": story(encounter("a", start="2024-11-29", end="2025-01-03")),
    "nights-same-day": story(encounter("a", start="2025-03-01T08:00:00Z", end="2025-03-01T20:00:00Z")),
    "nights-open": story(encounter("a", start="2025-06-27", status="in-progress")),
    "nights-open-today": story(encounter("a", start="2025-06-30", status="in-progress")),
    "nights-cut": story(encounter("a", start="2025-06-28", end="2025-07-05")),
    "nights-until-as-of": story(encounter("a", start="2025-06-28", end="2025-06-30")),
    "nights-later": story(encounter("a", start="2025-07-01", end="2025-07-05")),
    "nights-undated": story(
        encounter("a", start="2025-03-01"), encounter("b", end="2025-03-05", hospital="H2")
    ),
    "nights-reversed": story(encounter("a", start="2025-03-05", end="2025-03-01")),
    "nights-nobody": story(encounter("a", start="2025-03-01", end="2025-03-05"), of=None),
    "nights-of-a-minor": story(
        encounter("a", start="2025-03-01", end="2025-03-05"), of=patient(born="2020-01-01")
    ),
}
DAYS = {
    "nights-one-month": {"2025-03": 4},
    "nights-two-months": {"2025-01": 2, "2025-02": 1},
    "nights-last-of-month": {"2025-01": 1},
    "nights-first-of-month": {"2025-02": 28},
    "nights-new-year": {"2024-11": 2, "2024-12": 31, "2025-01": 2},
    "nights-open": {"2025-06": 3},
    "nights-cut": {"2025-06": 2},
    "nights-until-as-of": {"2025-06": 2},
    "nights-same-day": {"2025-03": 0},  # no night; the row says that it is a same-day stay
    "nights-of-a-minor": {"2025-03": 4},  # the profile is a matter of the measure
}


@pytest.fixture(scope="module")
def days(lake: Lake) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {name: {} for name in STORIES}
    for row in lake.patient_days(AS_OF, *STORIES).collect():
        found[row.stay_id.split(".")[0]][row.month] = row.days
    return found


@pytest.mark.parametrize("name", DAYS)
def test_a_night_belongs_to_the_month_of_the_day_before_it(
    days: dict[str, dict[str, int]], name: str
) -> None:
    assert days[name] == DAYS[name]


@pytest.mark.parametrize("name", sorted(STORIES.keys() - DAYS.keys()))
def test_a_stay_without_a_day_before_as_of_has_no_row(days: dict[str, dict[str, int]], name: str) -> None:
    assert days[name] == {}


def test_only_a_same_day_stay_is_marked_as_one(lake: Lake) -> None:
    rows = lake.patient_days(AS_OF, *STORIES).filter("is_same_day").collect()
    assert {row.stay_id for row in rows} == {"nights-same-day.a"}
