"""The registry of the measures is complete, in order, and what the rules and the tables are made of."""

import subprocess
import sys

import pytest

from metriccare.definitions.measures import (
    DECISIONS,
    INFECTION,
    INFECTION_TITLE,
    MEASURES,
    Kind,
    compared,
    measure_of,
    named,
    place_of,
    title_of,
)
from metriccare.definitions.profiles import PROFILES
from metriccare.definitions.strata import BY_INFECTION, BY_PERIOD, STRATA, UNKNOWN_HOSPITAL

DEFINITIONS = ("measures", "profiles", "strata", "decision_codes", "small_cells", "rejection_reasons")
READERS = [f"definitions.{name}" for name in DEFINITIONS]
READERS += ["reporting.results", "reporting.terminal_tables", "reporting.why"]
WITH_PANDAS = ("reporting.notebook_tables", "reporting.pictures", "reporting.explore")


def test_the_names_and_their_order_are_what_users_rely_on() -> None:
    assert list(MEASURES) == [
        "readmission_30_day",
        "readmission_30_day_unplanned",
        "readmission_planned_status_unknown",
        "mortality_in_hospital",
        "mortality_30_day",
        "infection_per_100_discharges",
        "infection_per_1000_patient_days",
        "length_of_stay_billing",
        "length_of_stay_midnights",
        "length_of_stay_fractional",
        "length_of_stay_episode_billing",
        "length_of_stay_median",
        "length_of_stay_geometric_mean",
    ]
    assert [place_of(name) for name in MEASURES] == list(range(13))
    assert all(name == measure.name for name, measure in MEASURES.items())


def test_no_two_measures_share_a_title() -> None:
    assert len({measure.title for measure in MEASURES.values()}) == len(MEASURES)


def test_the_infection_rates_say_that_they_are_a_proxy() -> None:
    titles = [MEASURES[name].title for name in named(Kind.RATE)] + [title_of(INFECTION)]
    assert len(titles) == 3
    assert all("(proxy)" in title for title in titles)


@pytest.mark.parametrize(
    ("name", "stored_to_shown", "quotient_to_shown", "unit"),
    [
        ("mortality_in_hospital", 100, 100, " %"),
        ("infection_per_100_discharges", 1, 100, ""),
        ("infection_per_1000_patient_days", 1, 1000, ""),
        ("length_of_stay_billing", 1, 1, " days"),
        ("length_of_stay_median", 1, 1, " days"),
    ],
)
def test_a_figure_is_shown_in_the_measures_own_unit(
    name: str, stored_to_shown: float, quotient_to_shown: float, unit: str
) -> None:
    measure = MEASURES[name]
    assert (measure.percent, measure.scale, measure.unit) == (stored_to_shown, quotient_to_shown, unit)


def test_every_kind_is_that_of_a_measure_and_the_kinds_share_them_out() -> None:
    by_kind = [named(kind) for kind in Kind]
    assert all(by_kind)
    assert sorted(name for names in by_kind for name in names) == sorted(MEASURES)


def test_only_outcomes_of_stays_and_rates_are_compared() -> None:
    assert compared(Kind.PROPORTION) == (
        "readmission_30_day",
        "readmission_30_day_unplanned",
        "mortality_in_hospital",
        "mortality_30_day",
    )
    assert compared(*Kind) == (*compared(Kind.PROPORTION), *named(Kind.RATE))


def test_a_measure_of_another_version_goes_by_its_name_and_comes_last() -> None:
    unknown = measure_of("measure_of_another_version")
    assert (title_of(unknown.name), unknown.percent, unknown.unit) == (unknown.name, 1, "")
    assert place_of(unknown.name) == len(MEASURES)


def test_the_decisions_are_those_that_measures_sum_up() -> None:
    assert set(DECISIONS) - set(MEASURES) == {INFECTION}
    assert title_of(INFECTION) == INFECTION_TITLE


def test_profiles_and_strata_have_names_of_their_own() -> None:
    assert [profile.name for profile in PROFILES] == ["all_adult", "cms_like", "simple"]
    assert STRATA == ("all", "hospital", "month", "year", "hospital_year", "infection_type", "code")
    assert {*BY_INFECTION, *BY_PERIOD} < set(STRATA)
    assert UNKNOWN_HOSPITAL not in STRATA


@pytest.mark.parametrize("module", [*READERS, *WITH_PANDAS])
def test_who_only_reads_loads_no_spark(module: str) -> None:
    heavy = ["pyspark", "papermill", "boto3", *([] if module in WITH_PANDAS else ["pandas", "scipy"])]
    code = f"import sys, metriccare.{module}; print([name for name in {heavy} if name in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
