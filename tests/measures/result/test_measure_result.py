"""The numbers: sums over stays at one as_of, by hospital, month and year (MEASURES 3.4, 4.5, 8)."""

from datetime import date
from typing import Any

import pytest
from pyspark.sql import Row
from pytest import approx
from tests.support.builders import SEPSIS, UTI, Lake, condition, encounter, organization, patient, story
from tests.support.results import reasons_at

from metriccare.measures import default_as_of

AS_OF, NEW_YEAR = date(2025, 6, 30), date(2025, 1, 1)
NORTH, SOUTH = {"hospital": "north"}, {"hospital": "south"}

TOLD = {
    "result-returns": story(
        organization("north", "North Hospital"),
        encounter("a", start="2025-01-10", end="2025-01-14", **NORTH),
        encounter(
            "b",
            start="2025-01-30",
            end="2025-02-03",
            serviceProvider={"reference": "Organization/south", "display": "South Clinic"},
        ),
    ),
    "result-infected": story(
        encounter("a", start="2024-12-28", end="2025-01-03", **NORTH),
        condition("sepsis", SEPSIS, "a", onset="2024-12-31"),
        condition("uti", UTI, "a", onset="2025-01-02"),
    ),
    "result-recent": story(encounter("a", start="2025-06-20", end="2025-06-25", **SOUTH)),
    "result-died": story(encounter("a", start="2025-03-01", end="2025-03-04", disposition="exp", **SOUTH)),
    "result-minor": story(
        encounter("a", start="2025-02-01", end="2025-02-09", **NORTH),
        condition("sepsis", SEPSIS, "a", onset="2025-02-05"),
        of=patient(born="2020-01-01"),
    ),
    "result-open": story(
        encounter("a", start="2025-06-26", status="in-progress", **NORTH),
        condition("sepsis", SEPSIS, "a", onset="2025-06-29"),
        condition("uti", UTI, "a", onset="2025-07-01"),
    ),
    "result-crossing": story(encounter("a", start="2025-06-29", end="2025-07-04", **SOUTH)),
    "result-later": story(encounter("a", start="2025-07-10", end="2025-07-12", **SOUTH)),
    "result-nowhere": story(encounter("a", start="2025-05-01", end="2025-05-02", hospital=None)),
}
EDGES = {
    "edge-on": story(encounter("a", start="2025-05-01", end="2025-05-31")),
    "edge-after": story(encounter("a", start="2025-05-01", end="2025-06-01")),
    "edge-admitted-on": story(encounter("a", start="2025-05-31", end="2025-06-02")),
    "edge-admitted-after": story(encounter("a", start="2025-06-01", end="2025-06-02")),
    "edge-undated": story(encounter("a")),
    "edge-nobody": story(encounter("a", start="2025-05-01", end="2025-06-02"), of=None),
    "edge-minor": story(encounter("a", start="2025-05-30", end="2025-05-31"), of=patient(born="2020-01-01")),
}
CUTS = {
    "cut-known": story(encounter("a", start="2026-06-01", end="2026-06-30")),
    "cut-earlier": story(encounter("a", start="2025-06-01", end="2025-06-30")),
    "cut-typing-error": story(encounter("a", start="2026-06-01", end="2062-06-05")),
    "cut-open": story(encounter("a", start="2026-06-01", status="in-progress")),
}
STORIES = {**TOLD, **EDGES, **CUTS}

STAY_BASED = (
    "readmission_30_day",
    "readmission_30_day_unplanned",
    "mortality_in_hospital",
    "mortality_30_day",
    "infection_per_100_discharges",
    "length_of_stay_billing",
    "length_of_stay_midnights",
    "length_of_stay_fractional",
    "length_of_stay_median",
    "length_of_stay_geometric_mean",
)
PER_100, PER_1000 = "infection_per_100_discharges", "infection_per_1000_patient_days"
ALL_STAYS = 10

Results = dict[tuple[str, str, str], Row]


def results_at(lake: Lake, as_of: date) -> Results:
    rows = lake.gold(as_of, *TOLD).results.filter("profile = 'all_adult'").collect()
    keyed = {(row.measure, row.stratum, row.stratum_value): row for row in rows}
    assert len(keyed) == len(rows)
    return keyed


@pytest.fixture(scope="module")
def results(lake: Lake) -> Results:
    return results_at(lake, AS_OF)


@pytest.fixture(scope="module")
def at_new_year(lake: Lake) -> Results:
    return results_at(lake, NEW_YEAR)


def counts(found: Results, measure: str, stratum: str = "all", value: str = "all") -> tuple[Any, Any]:
    row = found[measure, stratum, value]
    return row.numerator, row.denominator


def by_value(found: Results, measure: str, stratum: str) -> dict[str, tuple[float, float]]:
    """Return numerator and denominator of the strata that have either."""
    rows = {value: row for (name, kind, value), row in found.items() if (name, kind) == (measure, stratum)}
    return {value: (row.numerator, row.denominator) for value, row in rows.items() if row.denominator}


def test_a_rate_is_a_sum_over_a_sum(results: Results) -> None:
    assert counts(results, "readmission_30_day") == (1, 4)
    assert counts(results, "mortality_in_hospital") == (1, 6)
    assert counts(results, "mortality_30_day") == (1, 5)
    assert results["readmission_30_day", "all", "all"].rate == approx(0.25)


def test_stays_that_do_not_count_are_counted_by_reason(results: Results) -> None:
    assert results["readmission_30_day", "all", "all"].excluded == {
        "follow_up_incomplete": 1,
        "died_in_hospital": 1,
        "under_18": 1,
        "not_finished": 2,
        "admitted_after_as_of": 1,
    }
    assert results["mortality_in_hospital", "all", "all"].excluded == {
        "under_18": 1,
        "not_finished": 2,
        "admitted_after_as_of": 1,
    }


@pytest.mark.parametrize("measure", STAY_BASED)
def test_excluded_stays_and_the_denominator_are_all_stays(
    results: Results, at_new_year: Results, measure: str
) -> None:
    for found in (results, at_new_year):
        row = found[measure, "all", "all"]
        assert row.denominator + sum(row.excluded.values()) == ALL_STAYS


def test_a_stay_belongs_to_its_hospital_and_the_month_and_year_of_its_discharge(results: Results) -> None:
    measure = "mortality_in_hospital"
    assert by_value(results, measure, "hospital") == {"north": (0, 2), "south": (1, 3), "unknown": (0, 1)}
    assert by_value(results, measure, "year") == {"2025": (1, 6)}
    assert by_value(results, measure, "month") == {
        "2025-01": (0, 2),
        "2025-02": (0, 1),
        "2025-03": (1, 1),
        "2025-05": (0, 1),
        "2025-06": (0, 1),
    }
    assert by_value(results, measure, "hospital_year") == {
        "north|2025": (0, 2),
        "south|2025": (1, 3),
        "unknown|2025": (0, 1),
    }


def test_a_readmission_counts_for_the_hospital_and_the_month_of_the_index_admission(results: Results) -> None:
    assert by_value(results, "readmission_30_day", "hospital") == {
        "north": (1, 2),
        "south": (0, 1),
        "unknown": (0, 1),
    }
    assert by_value(results, "readmission_30_day", "month")["2025-01"] == (1, 2)


def test_lengths_are_means_medians_and_geometric_means(results: Results) -> None:
    days = (4, 4, 6, 5, 3, 1)
    assert counts(results, "length_of_stay_billing") == (sum(days), 6)
    assert results["length_of_stay_billing", "all", "all"].rate == approx(sum(days) / 6)
    assert results["length_of_stay_midnights", "all", "all"].rate == approx(sum(days) / 6)
    assert counts(results, "length_of_stay_median") == (None, 6)
    assert results["length_of_stay_median", "all", "all"].rate == approx(4.0)
    assert counts(results, "length_of_stay_geometric_mean") == (None, 6)
    assert results["length_of_stay_geometric_mean", "all", "all"].rate == approx(
        (4 * 4 * 6 * 5 * 3 * 1) ** (1 / 6)
    )


def test_the_median_of_an_even_number_of_stays_is_interpolated(results: Results) -> None:
    assert results["length_of_stay_median", "hospital", "south"].rate == approx(4.0)
    assert results["length_of_stay_median", "hospital", "north"].rate == approx(5.0)


def test_infections_per_100_discharges_count_events_in_the_month_of_discharge(results: Results) -> None:
    assert counts(results, PER_100) == (2, 6)
    assert results[PER_100, "all", "all"].rate == approx(100 * 2 / 6)
    assert by_value(results, PER_100, "year") == {"2025": (2, 6)}
    assert by_value(results, PER_100, "month")["2025-01"] == (2, 2)
    assert by_value(results, PER_100, "hospital")["north"] == (2, 2)


def test_patient_days_and_their_infections_count_in_their_own_month_and_year(results: Results) -> None:
    assert counts(results, PER_1000) == (3, 28)
    assert results[PER_1000, "all", "all"].rate == approx(1000 * 3 / 28)
    assert by_value(results, PER_1000, "year") == {"2024": (1, 4), "2025": (2, 24)}
    assert by_value(results, PER_1000, "month") == {
        "2024-12": (1, 4),
        "2025-01": (1, 8),
        "2025-02": (0, 2),
        "2025-03": (0, 3),
        "2025-05": (0, 1),
        "2025-06": (1, 10),
    }
    assert by_value(results, PER_1000, "hospital") == {"north": (3, 14), "south": (0, 13), "unknown": (0, 1)}
    assert by_value(results, PER_1000, "hospital_year")["north|2024"] == (1, 4)


def test_infections_of_one_type_or_code_relate_to_all_discharges_and_days(results: Results) -> None:
    assert by_value(results, PER_100, "infection_type") == {"bloodstream": (1, 6), "uti": (1, 6)}
    assert by_value(results, PER_100, "code") == {SEPSIS: (1, 6), UTI: (1, 6)}
    assert by_value(results, PER_1000, "infection_type") == {"bloodstream": (2, 28), "uti": (1, 28)}
    assert results[PER_100, "infection_type", "uti"].rate == approx(100 / 6)


def test_only_infections_have_a_type_and_a_code(results: Results) -> None:
    assert {name for name, stratum, _ in results if stratum in ("infection_type", "code")} == {
        PER_100,
        PER_1000,
    }


@pytest.mark.parametrize("stratum", ["hospital", "hospital_year", "month", "year"])
@pytest.mark.parametrize("measure", [*STAY_BASED[:6], PER_1000])
def test_the_strata_add_up_to_all(results: Results, measure: str, stratum: str) -> None:
    parts = by_value(results, measure, stratum).values()
    assert tuple(map(sum, zip(*parts, strict=True))) == counts(results, measure)


def test_what_happens_after_as_of_is_unseen(at_new_year: Results) -> None:
    # On 1 January one patient is in hospital: four nights, one of the two infections, no discharge.
    assert counts(at_new_year, PER_1000) == (1, 4)
    assert counts(at_new_year, PER_100) == (0, 0)
    assert at_new_year["mortality_in_hospital", "all", "all"].excluded == {
        "not_finished": 1,
        "admitted_after_as_of": 9,
    }


def test_without_a_denominator_there_is_no_rate(at_new_year: Results) -> None:
    for measure in STAY_BASED:
        row = at_new_year[measure, "all", "all"]
        assert (row.denominator, row.rate, row.ci_low, row.ci_high) == (0, None, None, None)


def test_a_stratum_is_shown_by_its_name(results: Results) -> None:
    measure = "mortality_in_hospital"
    names = {value: row.stratum_display for (name, stratum, value), row in results.items() if name == measure}
    assert names["north"] == "North Hospital"  # Organization.name
    assert names["north|2025"] == "North Hospital, 2025"
    assert (names["unknown"], names["all"], names["2025-01"]) == ("unknown", "all", "2025-01")
    assert results[PER_100, "code", SEPSIS].stratum_display == "Sepsis (disorder)"


def test_a_hospital_without_organization_has_the_newest_display_there_is(results: Results) -> None:
    assert results["mortality_in_hospital", "hospital", "south"].stratum_display == "South Clinic"


def test_a_period_is_immature_while_some_of_its_stays_lack_follow_up(results: Results) -> None:
    immature = {
        value
        for (name, stratum, value), row in results.items()
        if name == "readmission_30_day" and stratum in ("month", "year") and row.is_immature
    }
    assert immature == {"2025-06", "2025"}
    assert not results["readmission_30_day", "all", "all"].is_immature
    assert not results["mortality_in_hospital", "month", "2025-06"].is_immature


def test_every_result_names_its_profile_cut_and_run_and_is_unsuppressed(results: Results) -> None:
    assert {(row.profile, row.as_of, row.run_id, row.is_suppressed) for row in results.values()} == {
        ("all_adult", AS_OF, "run-1", False)
    }
    assert all(row.is_too_few for row in results.values() if row.measure != PER_1000)
    assert not results[PER_1000, "all", "all"].is_too_few  # 28 patient-days


Reasons = dict[tuple[str, str], str | None]


@pytest.fixture(scope="module")
def reasons(lake: Lake) -> Reasons:
    """Return why stays do not count on 31 May, by story and measure."""
    found = reasons_at(lake.stay_measure.of(EDGES, "stay_id"), date(2025, 5, 31))
    return {
        (stay.removesuffix(".a"), name): reason
        for (stay, profile, name), reason in found.items()
        if profile == "all_adult"
    }


def test_a_stay_discharged_on_as_of_counts_and_one_discharged_later_is_open(reasons: Reasons) -> None:
    assert reasons["edge-on", "mortality_in_hospital"] is None
    assert reasons["edge-after", "mortality_in_hospital"] == "not_finished"
    assert reasons["edge-admitted-on", "mortality_in_hospital"] == "not_finished"
    assert reasons["edge-admitted-after", "mortality_in_hospital"] == "admitted_after_as_of"


def test_incomplete_follow_up_is_the_last_reason(reasons: Reasons) -> None:
    assert reasons["edge-on", "mortality_30_day"] is None  # admitted 30 days before as_of
    assert reasons["edge-minor", "mortality_30_day"] == "under_18"


def test_an_unknown_patient_or_date_is_a_reason_at_any_as_of(reasons: Reasons) -> None:
    assert reasons["edge-undated", "mortality_in_hospital"] == "dates_unusable"
    assert reasons["edge-nobody", "mortality_in_hospital"] == "patient_unknown"


def default_of(lake: Lake, *stories: str) -> date | None:
    return default_as_of(lake.stays_of(*stories).table)


def test_the_default_as_of_is_the_newest_discharge_not_after_its_delivery(lake: Lake) -> None:
    assert default_of(lake, "cut-earlier", "cut-known", "cut-typing-error", "cut-open") == date(2026, 6, 30)
    assert default_of(lake, "cut-earlier", "cut-typing-error") == date(2025, 6, 30)


def test_without_any_discharge_there_is_no_as_of(lake: Lake) -> None:
    assert default_of(lake, "cut-open") is None
