"""What a profile or a source may ask for, on and off (MEASURES 1.1.6, 1.3, 2.1, 2.2, 3.3, 3.4, 4.7)."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pyspark.sql import Row
from pytest import approx
from tests.support.builders import (
    ASTHMA,
    SEPSIS,
    SNOMED,
    UTI,
    Lake,
    Resource,
    concept,
    condition,
    decide,
    encounter,
    patient,
    silver,
    stay_for,
    story,
    tell,
)
from tests.support.results import cells
from tests.support.tables import Rows

from metriccare.definitions.profiles import ALL_ADULT
from metriccare.definitions.sources import Source, Sources

OFF = ALL_ADULT
ON = replace(
    ALL_ADULT,
    name="optional",
    counts_planned_proxy=True,
    one_per_patient=True,
    accepts_unconfirmed=True,
    counts_same_day=True,
    starts_in_emergency=True,
)
AS_OF = date(2025, 12, 31)
SECONDS_PER_DAY = 86_400
PRIORITY = "http://terminology.hl7.org/CodeSystem/v3-ActPriority"
COVID = "840539006"


def stay(id: str = "a", start: str = "2025-03-01", end: str = "2025-03-05", **facts: Any) -> Resource:
    return encounter(id, start=start, end=end, **facts)


def readmitted_for(code: str, **facts: Any) -> list[Resource]:
    return story(stay(), stay_for(code, "b", start="2025-03-20", end="2025-03-22", **facts))


ELECTIVE = {"priority": concept(PRIORITY, "EL")}
URGENT = {"priority": concept(PRIORITY, "UR")}
ELECTIVE_TYPE = {"type": [concept(SNOMED, "8715000")]}
FROM_EMERGENCY = story(
    encounter("v", kind="EMER", start="2025-03-09T20:00:00Z", end="2025-03-10T00:00:00Z"),
    encounter("a", start="2025-03-10T00:30:00Z", end="2025-03-12T20:00:00Z"),
)
STORIES = {
    "option-elective": readmitted_for(ASTHMA, **ELECTIVE),
    "option-elective-type": readmitted_for(ASTHMA, **ELECTIVE_TYPE),
    "option-urgent": readmitted_for(ASTHMA, **URGENT),
    "option-elective-infection": readmitted_for(SEPSIS, **ELECTIVE),
    "option-unconfirmed": story(
        stay(end="2025-03-20"),
        condition("c1", SEPSIS, "a", onset="2025-03-05", verification="unconfirmed"),
        condition("c2", UTI, "a", onset="2025-03-05", verification="refuted"),
    ),
    "option-unconfirmed-covid": story(
        stay_for(ASTHMA, "a", start="2025-03-01", end="2025-03-20"),
        condition("c1", COVID, "a", onset="2025-03-02", verification="provisional"),
    ),
    "option-same-day": story(stay(end="2025-03-01")),
    "option-emergency": FROM_EMERGENCY,
    "option-many": story(
        *(stay(f"s{month}", f"2025-{month:02}-01", f"2025-{month:02}-05") for month in range(2, 9)),
        stay("next-year", "2026-01-01", "2026-01-05"),
        stay("new-year", "2024-12-28", "2025-01-01", hospital="H2"),
        stay("not-acute", "2025-10-01", "2025-10-05", kind="NONAC"),
        stay("open", "2026-03-01", end="", status="in-progress"),
    ),
    "option-other": story(stay("s1"), stay("s2", "2025-06-01", "2025-06-05"), of=patient(gender="male")),
    "option-disposition-none": story(stay()),
    "option-disposition-unmapped": story(stay(disposition=concept("urn:x", "7"))),
    "option-disposition-home": story(stay(disposition="home")),
    "option-hospital": story(stay(hospital="cancer")),
}

Decided = dict[tuple[str, str], Row]


@pytest.fixture(scope="module")
def gold() -> dict[str, Rows]:
    """Return the decisions on these stories, of a source that always sends dispositions and has a cancer hospital."""
    sources = Sources({"default": Source(has_dispositions=True, cancer_hospitals=("cancer",))})
    made = decide(silver(tell(STORIES), sources), sources=sources, profiles=[OFF, ON])
    return {name: Rows(table) for name, table in made.items()}


@pytest.fixture(scope="module")
def choose(gold: dict[str, Rows]) -> Callable[[str, str], tuple[Row, Row]]:
    """Return a function that gives the decisions on a stay by one measure, with the options off and on."""
    rows = {(row.profile, row.stay_id): row for row in gold["stay_measure"].collect()}

    def both(stay_id: str, measure: str) -> tuple[Row, Row]:
        off, on = (rows[profile.name, f"option-{stay_id}"][measure] for profile in (OFF, ON))
        return off, on

    return both


Choose = Callable[[str, str], tuple[Row, Row]]


@pytest.mark.parametrize("name", ["elective", "elective-type"])
def test_an_elective_readmission_is_planned_if_the_profile_says_so(choose: Choose, name: str) -> None:
    off, on = choose(f"{name}.a", "readmission_30_day_unplanned")
    assert (off.denominator, off.numerator, on.denominator, on.numerator) == (True, True, True, False)
    assert [one.numerator for one in choose(f"{name}.a", "readmission_30_day")] == [True, True]


@pytest.mark.parametrize("name", ["urgent", "elective-infection"])
def test_an_urgent_readmission_or_one_for_an_infection_is_never_planned_by_proxy(
    choose: Choose, name: str
) -> None:
    found = choose(f"{name}.a", "readmission_30_day_unplanned")
    assert [one.numerator for one in found] == [True, True]


def test_unconfirmed_infections_count_if_the_profile_accepts_them_and_refuted_ones_never(
    choose: Choose,
) -> None:
    assert [one.value for one in choose("unconfirmed.a", "infection")] == [0.0, 1.0]


def test_what_one_profile_accepts_takes_no_stay_out_of_another(choose: Choose) -> None:
    off, on = choose("unconfirmed-covid.a", "readmission_30_day")
    assert (off.exclusions, on.exclusions) == ([], ["covid_19"])


def test_length_of_stay_begins_in_the_emergency_department_if_the_profile_says_so(choose: Choose) -> None:
    midnights, fractions = (
        [one.value for one in choose("emergency.a", f"length_of_stay_{kind}")]
        for kind in ("midnights", "fractional")
    )
    assert midnights == [2.0, 3.0]
    assert fractions == approx([(48 + 19.5) / 24, 3.0])


def test_a_stay_without_such_a_visit_is_as_long_as_ever(choose: Choose) -> None:
    assert [one.value for one in choose("elective.a", "length_of_stay_midnights")] == [4.0, 4.0]


@pytest.fixture(scope="module")
def patient_days(lake: Lake, gold: dict[str, Rows]) -> dict[str, float]:
    """Return the patient-days of one same-day stay by profile."""
    days, name = lake.patient_days(AS_OF, "option-same-day"), "option-same-day"
    decided = [gold[table].of([name], "stay_id") for table in ("stay_measure", "infection_event")]
    made = cells(*decided, days, lake.stays_of(name), lake.silver.organization, AS_OF, [OFF, ON])
    census = Rows(made["cell"]).filter("measure = 'infection_per_1000_patient_days'").collect()
    return {row.profile: row.denominator_seconds / SECONDS_PER_DAY for row in census}


def test_a_same_day_stay_is_a_patient_day_if_the_profile_says_so(patient_days: dict[str, float]) -> None:
    assert patient_days == {OFF.name: 0.0, ON.name: 1.0}


def smallest_hash(patient_id: str, stay_ids: list[str], year: int) -> str:
    """Return the stay that MEASURES 2.2 selects, worked out without the package."""
    return min(stay_ids, key=lambda id: hashlib.sha256(f"{patient_id}|{id}|{year}".encode()).hexdigest())


def thirty_day(choose: Choose, ids: list[str]) -> dict[str, tuple[list[str], list[str]]]:
    found = {id: choose(id, "mortality_30_day") for id in ids}
    return {f"option-{id}": (off.exclusions, on.exclusions) for id, (off, on) in found.items()}


@pytest.mark.parametrize(
    ("name", "ids"),
    [("many", [f"s{month}" for month in range(2, 9)] + ["new-year"]), ("other", ["s1", "s2"])],
)
def test_one_admission_per_patient_and_year_is_the_one_with_the_smallest_hash(
    choose: Choose, name: str, ids: list[str]
) -> None:
    found = thirty_day(choose, [f"{name}.{id}" for id in ids])
    chosen = smallest_hash(f"option-{name}.p", list(found), 2025)
    assert all(off == [] for off, _ in found.values())
    assert {id: on for id, (_, on) in found.items()} == {
        id: [] if id == chosen else ["not_selected"] for id in found
    }


def test_another_year_has_a_selection_of_its_own(choose: Choose) -> None:
    assert thirty_day(choose, ["many.next-year"]) == {"option-many.next-year": ([], [])}


def test_a_stay_that_another_clause_takes_out_is_never_selected(choose: Choose) -> None:
    _, not_acute = choose("many.not-acute", "mortality_30_day")
    _, still_open = choose("many.open", "mortality_30_day")
    assert (not_acute.exclusion, still_open.exclusion) == ("not_acute", "not_finished")


def test_a_selection_is_of_30_day_mortality_only(choose: Choose) -> None:
    for measure in ("readmission_30_day", "infection", "length_of_stay_billing"):
        assert [one.denominator for one in choose("other.s2", measure)] == [True, True]


def test_a_missing_disposition_takes_a_stay_out_of_in_hospital_mortality_if_the_source_has_them(
    choose: Choose, decided: dict[str, Row]
) -> None:
    excluded = {
        name: choose(f"disposition-{name}.a", "mortality_in_hospital")[0].exclusions
        for name in ("none", "unmapped", "home")
    }
    assert excluded == {"none": ["disposition_missing"], "unmapped": [], "home": []}
    assert decided["option-disposition-none.a"].mortality_in_hospital.denominator


def test_a_missing_disposition_is_no_matter_of_readmission(choose: Choose) -> None:
    assert choose("disposition-none.a", "readmission_30_day")[0].denominator


def test_a_stay_at_a_cancer_hospital_is_no_index_admission(choose: Choose, decided: dict[str, Row]) -> None:
    decision = choose("hospital.a", "readmission_30_day")[0]
    assert (decision.exclusions, decision.evidence[0].id) == (["cancer_hospital"], "option-hospital.a")
    assert choose("hospital.a", "mortality_30_day")[0].denominator
    assert decided["option-hospital.a"].readmission_30_day.denominator
