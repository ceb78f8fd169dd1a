"""The profile `cms_like` by its limits (MEASURES 0.5), and what holds of every decision in every profile."""

from collections.abc import Callable

import pytest
from pyspark.sql import Row
from tests.support.builders import Resource, encounter, patient, story

from metriccare.definitions.measures import DECISIONS
from metriccare.measures import PROFILES

MEASURES = list(DECISIONS)
MORTALITY = ["mortality_in_hospital", "mortality_30_day"]
READMISSION = ["readmission_30_day", "readmission_30_day_unplanned"]
WITHOUT_LIMITS = [name for name in MEASURES if not name.startswith(("readmission", "mortality"))]
COMMON = {"patient_unknown", "not_finished", "dates_unusable", "end_before_start", "age_unknown"}

Decided = Callable[[str], dict[str, Row]]


def stay(born: str, start: str = "2025-03-01", end: str = "2025-03-05") -> list[Resource]:
    times = {"start": f"{start}T08:00:00Z", "end": f"{end}T10:00:00Z"}
    return story(encounter("a", **times), of=patient(born=born))


STORIES = {
    "profile-64": stay("1960-03-02"),
    "profile-65": stay("1960-03-01"),
    "profile-94": stay("1930-03-02"),
    "profile-95": stay("1930-03-01"),
    "profile-364-days": stay("1950-05-17", "2024-01-01", "2024-12-30"),
    "profile-365-days": stay("1950-05-17", "2024-01-01", "2024-12-31"),
    "profile-long-and-64": stay("1960-01-01", "2024-01-01", "2024-12-31"),
    "profile-long-and-95": stay("1920-01-01", "2024-01-01", "2024-12-31"),
}


def exclusions(decided_by: Decided, name: str, profile: str = "cms_like") -> dict[str, list[str]]:
    row = decided_by(profile)[f"profile-{name}.a"]
    return {measure: row[measure].exclusions for measure in MEASURES}


def test_a_stay_counts_for_cms_from_the_65th_birthday_on(decided_by: Decided) -> None:
    assert set(map(tuple, exclusions(decided_by, "64").values())) == {
        ("under_65",),
        ("under_65", "not_readmitted"),
    }
    found = exclusions(decided_by, "65")
    assert all(
        found[measure] == [] for measure in MEASURES if measure != "readmission_planned_status_unknown"
    )


def test_cms_counts_deaths_up_to_the_age_of_94_and_all_else_at_any_age(decided_by: Decided) -> None:
    for measure in MORTALITY:
        assert exclusions(decided_by, "94")[measure] == []
        assert exclusions(decided_by, "95")[measure] == ["over_94"]
    for measure in READMISSION + WITHOUT_LIMITS:
        assert exclusions(decided_by, "95")[measure] == []


def test_cms_counts_readmissions_and_deaths_of_stays_of_less_than_365_days(decided_by: Decided) -> None:
    for measure in MORTALITY + READMISSION:
        assert exclusions(decided_by, "364-days")[measure] == []
        assert exclusions(decided_by, "365-days")[measure] == ["365_days_or_longer"]
    for measure in WITHOUT_LIMITS:
        assert exclusions(decided_by, "365-days")[measure] == []


def test_the_reasons_of_cms_are_in_the_order_of_the_specification(decided_by: Decided) -> None:
    young, old = exclusions(decided_by, "long-and-64"), exclusions(decided_by, "long-and-95")
    for measure in MORTALITY:
        assert young[measure] == ["under_65", "365_days_or_longer"]
        assert old[measure] == ["over_94", "365_days_or_longer"]
    assert old["readmission_30_day"] == ["365_days_or_longer"]


@pytest.mark.parametrize("profile", ["all_adult", "simple"])
def test_the_other_profiles_have_none_of_these_limits(decided_by: Decided, profile: str) -> None:
    for name in ("64", "95", "365-days"):
        found = exclusions(decided_by, name, profile)
        assert all(found[measure] == [] for measure in MORTALITY + READMISSION + WITHOUT_LIMITS)


def test_every_stay_is_decided_once_for_every_profile(all_decided: list[Row]) -> None:
    keys = [(row.profile, row.stay_id) for row in all_decided]
    stays = {stay_id for _, stay_id in keys}
    assert len(keys) == len(set(keys)) == len(stays) * len(PROFILES)


@pytest.mark.parametrize("measure", MEASURES)
def test_a_stay_is_in_the_denominator_or_has_an_exclusion_and_never_both(
    all_decided: list[Row], measure: str
) -> None:
    for row in all_decided:
        decision = row[measure]
        assert decision.denominator == (decision.exclusion is None), row.stay_id
        assert decision.exclusion == next(iter(decision.exclusions), None), row.stay_id
        assert len(decision.exclusions) == len(set(decision.exclusions)), row.stay_id


@pytest.mark.parametrize("measure", MEASURES)
def test_a_stay_is_outside_the_initial_population_by_a_common_clause_only(
    all_decided: list[Row], measure: str
) -> None:
    common = COMMON | {f"under_{one.min_age}" for one in PROFILES if one.min_age}
    for row in all_decided:
        assert row[measure].initial_population == (row[measure].exclusion not in common), row.stay_id


@pytest.mark.parametrize("measure", MEASURES)
def test_only_a_stay_in_the_denominator_has_a_value_and_can_have_an_event(
    all_decided: list[Row], measure: str
) -> None:
    for row in all_decided:
        decision = row[measure]
        assert decision.denominator or not decision.numerator, row.stay_id
        assert (decision.value is None) == (not decision.denominator), row.stay_id
        assert (decision.event_on is None) or decision.numerator, row.stay_id


@pytest.mark.parametrize("measure", MEASURES)
def test_a_stay_that_counts_can_be_judged_on_a_known_day(all_decided: list[Row], measure: str) -> None:
    counting = [row for row in all_decided if row[measure].denominator]
    assert counting
    assert all(row[measure].matures_on for row in counting)
