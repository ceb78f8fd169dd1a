"""The exclusions that all measures share, in their order (MEASURES 0.1.5, 0.1.6, 0.2.2, 0.5)."""

import pytest
from pyspark.sql import Row
from tests.support.builders import encounter, patient, story

from metriccare.definitions.measures import DECISIONS

MEASURES = list(DECISIONS)
DATED = {"start": "2025-03-01T08:00:00Z", "end": "2025-03-05T10:00:00Z"}
OPEN = {"start": "2025-03-01", "status": "in-progress"}
NEWBORN, PARTLY_BORN = patient(born="2025-01-01"), patient(born="1960-05")

FIRST_EXCLUSION = {
    "nobody": (story(encounter("a", **DATED), of=None), "patient_unknown"),
    "open": (story(encounter("a", **OPEN)), "not_finished"),
    "on-leave": (story(encounter("a", start="2025-03-01", status="onleave")), "not_finished"),
    "no-start": (story(encounter("a", end="2025-03-05")), "dates_unusable"),
    "no-end": (story(encounter("a", start="2025-03-01")), "dates_unusable"),
    "no-dates": (story(encounter("a")), "dates_unusable"),
    "month-start": (story(encounter("a", start="2025-03", end="2025-03-05")), "dates_unusable"),
    "year-end": (story(encounter("a", start="2025-03-01", end="2025")), "dates_unusable"),
    "ends-first": (story(encounter("a", start="2025-03-05", end="2025-03-01")), "end_before_start"),
    "ends-first-same-day": (
        story(encounter("a", start="2025-03-01T08:00:01Z", end="2025-03-01T08:00:00Z")),
        "end_before_start",
    ),
    "no-birth": (story(encounter("a", **DATED), of=patient(born=None)), "age_unknown"),
    "partial-birth": (story(encounter("a", **DATED), of=PARTLY_BORN), "age_unknown"),
    "day-before-18": (story(encounter("a", **DATED), of=patient(born="2007-03-02")), "under_18"),
}
INCLUDED = {
    "on-18": story(encounter("a", **DATED), of=patient(born="2007-03-01")),
    "same-instant": story(encounter("a", start="2025-03-01T08:00:00Z", end="2025-03-01T08:00:00Z")),
    "summer-time-ends": story(
        encounter("a", start="2022-11-06T01:52:06-04:00", end="2022-11-06T01:07:06-05:00")
    ),
    "status-unknown": story(encounter("a", status="unknown", **DATED)),
}
SEVERAL = {
    "open-newborn": (story(encounter("a", **OPEN), of=NEWBORN), ["not_finished", "under_18"]),
    "undated-newborn": (
        story(encounter("a", start="2025-03-01"), of=NEWBORN),
        ["dates_unusable", "under_18"],
    ),
    "reversed-partly-born": (
        story(encounter("a", start="2025-03-05", end="2025-03-01"), of=PARTLY_BORN),
        ["end_before_start", "age_unknown"],
    ),
    "open-nobody": (
        story(encounter("a", **OPEN), of=None),
        ["patient_unknown", "not_finished", "age_unknown"],
    ),
}
STORIES = {
    "cohort-day-only-end": story(encounter("a", start="2025-03-01T08:00:00Z", end="2025-03-01")),
    "cohort-non-acute": story(encounter("a", kind="NONAC", **DATED)),
    **{f"cohort-{name}": told for name, (told, _) in {**FIRST_EXCLUSION, **SEVERAL}.items()},
    **{f"cohort-{name}": told for name, told in INCLUDED.items()},
}


@pytest.mark.parametrize("name", FIRST_EXCLUSION)
def test_a_stay_outside_the_cohort_is_excluded_from_every_measure(decided: dict[str, Row], name: str) -> None:
    row = decided[f"cohort-{name}.a"]
    reason = FIRST_EXCLUSION[name][1]
    assert {measure: row[measure].exclusion for measure in MEASURES} == dict.fromkeys(MEASURES, reason)
    assert not any(row[measure].initial_population for measure in MEASURES)
    assert not any(row[measure].denominator or row[measure].numerator for measure in MEASURES)
    assert all(row[measure].value is None for measure in MEASURES)


@pytest.mark.parametrize("name", INCLUDED)
def test_a_stay_inside_the_cohort_counts_in_every_measure(decided: dict[str, Row], name: str) -> None:
    row = decided[f"cohort-{name}.a"]
    of_stays = [measure for measure in MEASURES if measure != "readmission_planned_status_unknown"]
    assert {measure: row[measure].exclusions for measure in of_stays} == {measure: [] for measure in of_stays}
    assert all(row[measure].initial_population and row[measure].denominator for measure in of_stays)


@pytest.mark.parametrize("name", SEVERAL)
def test_all_exclusions_are_kept_in_their_order(decided: dict[str, Row], name: str) -> None:
    decision = decided[f"cohort-{name}.a"].infection  # has no exclusions of its own
    assert decision.exclusions == SEVERAL[name][1]
    assert decision.exclusion == SEVERAL[name][1][0]


def test_without_a_time_of_day_start_and_end_are_compared_as_dates(decided: dict[str, Row]) -> None:
    assert decided["cohort-day-only-end.a"].length_of_stay_midnights.value == 0.0


def test_a_measures_own_exclusion_leaves_a_stay_in_the_initial_population(decided: dict[str, Row]) -> None:
    row = decided["cohort-non-acute.a"]
    for decision in (row.readmission_30_day, row.mortality_in_hospital, row.mortality_30_day):
        assert (decision.initial_population, decision.denominator, decision.exclusion) == (
            True,
            False,
            "not_acute",
        )
    assert row.length_of_stay_billing.denominator


def test_a_decision_is_of_a_profile_and_has_the_age(decided: dict[str, Row]) -> None:
    assert (decided["cohort-on-18.a"].profile, decided["cohort-on-18.a"].age) == ("all_adult", 18)
