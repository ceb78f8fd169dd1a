"""Observed against expected, standardised by age band and sex (MEASURES 1.5)."""

from datetime import date

import pyarrow as pa
import pytest
from pyspark.sql import Row
from pytest import approx
from tests.support.builders import SEPSIS, Lake, Resource, condition, encounter, patient, story

from metriccare.definitions.strata import AGE_BANDS, OLDEST_AGE_BAND
from metriccare.engine import Program, Reference, load_steps
from metriccare.engine.schema import arrow_schema
from metriccare.measures.result import cells

AS_OF = date(2025, 12, 31)
BORN = {"young": "1975-01-01", "old": "1945-01-01"}  # 50 and 80 years: bands 45-64 and 75-84


def stays(hospital: str, who: str, gender: str, alive: int, dead: int) -> dict[str, list[Resource]]:
    """Return stories of one stay each; so many of one age and sex leave the hospital alive, so many dead."""
    endings = ["home"] * alive + ["exp"] * dead
    return {
        f"standard-{hospital}-{who}-{gender}-{at}": story(
            encounter("a", start="2025-03-01", end="2025-03-05", hospital=hospital, disposition=ending),
            of=patient(born=BORN[who], gender=gender),
        )
        for at, ending in enumerate(endings)
    }


# Deaths and stays at hospital N and at hospital S, and the rate of both together:
# young women 1/2 and 0/2 -> 1/4; old women 1/1 and 1/3 -> 2/4; old men 0/1 and 1/1 -> 1/2.
STORIES = {
    **stays("N", "young", "female", alive=1, dead=1),
    **stays("S", "young", "female", alive=2, dead=0),
    **stays("N", "old", "female", alive=0, dead=1),
    **stays("S", "old", "female", alive=2, dead=1),
    **stays("N", "old", "male", alive=1, dead=0),
    **stays("S", "old", "male", alive=0, dead=1),
    "standard-not-acute": story(  # out of mortality: it neither dies nor is expected to
        encounter("a", start="2025-03-01", end="2025-03-05", hospital="S", kind="NONAC", disposition="exp"),
        of=patient(born=BORN["old"], gender="male"),
    ),
    "standard-infected": story(
        encounter("a", start="2025-03-01", end="2025-03-05", hospital="N", disposition="home"),
        condition("c", SEPSIS, "a", onset="2025-03-04"),
        of=patient(born=BORN["young"], gender=None),
    ),
}
EXPECTED = {"N": 2 * 1 / 4 + 1 * 2 / 4 + 1 * 1 / 2, "S": 2 * 1 / 4 + 3 * 2 / 4 + 1 * 1 / 2}
OBSERVED = {"N": 2.0, "S": 2.0}
EXACT_2 = (0.242209, 7.224688)
STANDARDISED = (
    "readmission_30_day",
    "mortality_in_hospital",
    "mortality_30_day",
    "infection_per_100_discharges",
    "infection_per_1000_patient_days",
)

Results = dict[tuple[str, str, str], Row]


@pytest.fixture(scope="module")
def results(lake: Lake) -> Results:
    rows = lake.gold(AS_OF, *STORIES).results.filter("profile = 'all_adult'").collect()
    return {(row.measure, row.stratum, row.stratum_value): row for row in rows}


@pytest.mark.parametrize("hospital", ["N", "S"])
def test_expected_deaths_are_those_at_the_rates_of_everybody_of_the_same_age_and_sex(
    results: Results, hospital: str
) -> None:
    row = results["mortality_in_hospital", "hospital", hospital]
    assert (row.numerator, row.expected) == approx((OBSERVED[hospital], EXPECTED[hospital]))


@pytest.mark.parametrize("hospital", ["N", "S"])
def test_observed_to_expected_has_its_exact_interval(results: Results, hospital: str) -> None:
    row = results["mortality_in_hospital", "hospital", hospital]
    found = (row.observed_expected, row.observed_expected_ci_low, row.observed_expected_ci_high)
    limits = (OBSERVED[hospital], *EXACT_2)
    assert found == approx(tuple(limit / EXPECTED[hospital] for limit in limits), abs=1e-5)


@pytest.mark.parametrize("stratum", ["hospital", "month", "year", "hospital_year"])
@pytest.mark.parametrize("measure", STANDARDISED)
def test_the_expected_events_of_all_parts_are_the_observed_ones(
    results: Results, measure: str, stratum: str
) -> None:
    everything = results[measure, "all", "all"]
    expected = [row.expected or 0.0 for key, row in results.items() if key[:2] == (measure, stratum)]
    assert sum(expected) == approx(everything.numerator)
    assert everything.expected == approx(everything.numerator)


def test_of_all_stays_observed_is_as_expected(results: Results) -> None:
    assert results["mortality_in_hospital", "all", "all"].observed_expected == approx(1.0)


def test_where_no_event_is_expected_there_is_no_ratio(results: Results) -> None:
    row = results["readmission_30_day", "hospital", "N"]
    assert (row.numerator, row.expected, row.observed_expected) == (0.0, 0.0, None)
    assert (row.observed_expected_ci_low, row.observed_expected_ci_high) == (None, None)


def test_an_infection_type_or_code_and_a_length_of_stay_have_no_expectation(results: Results) -> None:
    without = [
        row
        for (measure, stratum, _), row in results.items()
        if stratum in ("infection_type", "code") or measure.startswith("length_of_stay")
    ]
    assert without
    assert {(row.expected, row.observed_expected) for row in without} == {(None, None)}


def test_infections_of_patients_without_a_sex_are_a_group_of_their_own(results: Results) -> None:
    assert results["infection_per_100_discharges", "hospital", "N"].expected == approx(1.0)
    assert results["infection_per_100_discharges", "hospital", "S"].expected == 0.0


BANDS = {
    "0-17": (0, 17),
    "18-44": (18, 44),
    "45-64": (45, 64),
    "65-74": (65, 74),
    "75-84": (75, 84),
    "85+": (85, 110),
}


def test_the_bands_are_those_that_everybody_shows() -> None:
    ends = [first for first, _ in BANDS.values()][1:]
    assert [*zip(ends, BANDS, strict=False)] == list(AGE_BANDS)
    assert [*BANDS][-1] == OLDEST_AGE_BAND


def test_an_age_band_is_of_completed_years() -> None:
    ages = {age: band for band, pair in BANDS.items() for age in pair} | {None: "unknown"}
    banded = {"stay": "age INT, age_band STRING"}
    program = Program({"stay_measure": cells.STAY_MEASURE}, load_steps(cells.__name__, "stay"), banded)
    stays = pa.Table.from_pylist([{"age": age} for age in ages], arrow_schema(cells.STAY_MEASURE))
    found = program.run({"stay_measure": stays}, Reference())["stay"].to_pylist()
    assert {row["age"]: row["age_band"] for row in found} == ages
