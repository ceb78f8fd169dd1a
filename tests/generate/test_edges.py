"""In a thousand patients every edge case of a rule occurs, on both sides of the edge."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import combinations, pairwise
from typing import Any

import pytest

from metriccare.generate.parameters import BLOCK_SIZE
from metriccare.generate.sampler import AS_OF_SCENARIO, SCENARIOS, scenario_of

REASONS = {
    "readmission_30_day": {
        "not_finished",
        "age_unknown",
        "under_18",
        "not_acute",
        "inconsistent_vital_status",
        "died_in_hospital",
        "died_on_discharge_date",
        "left_against_medical_advice",
        "transferred_out",
        "psychiatric",
        "rehabilitation",
        "cancer_treatment",
        "same_day_continuation",
        "follow_up_incomplete",
    },
    "mortality_in_hospital": {"not_acute", "inconsistent_vital_status", "transferred_out"},
    "mortality_30_day": {
        "death_date_unknown",
        "left_against_medical_advice",
        "transferred_in",
        "hospice_prior_12_months",
        "follow_up_incomplete",
    },
}
DECISIONS = {
    "not_confirmed",
    "excluded_code",
    "present_on_admission",
    "hospital_onset",
    "repeat_within_14_days",
    "after_discharge",
    "before_admission",
    "date_unknown",
}


def days(earlier: str, later: str) -> int:
    return (date.fromisoformat(later[:10]) - date.fromisoformat(earlier[:10])).days


def gaps(generated: Any) -> Iterator[tuple[int, dict[str, Any], dict[str, Any]]]:
    """Days between a discharge and the patient's next admission, with both stays."""
    for stays in generated.of_patient():
        for first, second in pairwise(stays):
            if first["discharge_date"]:
                yield days(first["discharge_date"], second["admission_date"]), first, second


def test_every_block_contains_every_scenario() -> None:
    for seed in (0, 7):
        assigned = Counter(scenario_of(seed, number) for number in range(2 * BLOCK_SIZE))
        assert assigned.keys() >= SCENARIOS.keys()
        # The scenario of the first patient may have been replaced by the one that fixes as_of.
        assert all(assigned[name] >= 1 for name in SCENARIOS)
        assert sum(assigned[name] == 2 for name in SCENARIOS) >= len(SCENARIOS) - 2
        assert scenario_of(seed, 0) == AS_OF_SCENARIO


def test_planted_scenarios_leave_room_for_ordinary_courses() -> None:
    assert len(SCENARIOS) < BLOCK_SIZE / 3


@pytest.mark.parametrize("measure", REASONS)
def test_every_exclusion_occurs(thousand: Any, measure: str) -> None:
    found = {stay[measure]["exclusion"] for stay in thousand.stays}
    assert found >= REASONS[measure]


def test_readmissions_on_every_day_around_the_edges(thousand: Any) -> None:
    seen = Counter(gap for gap, _, _ in gaps(thousand))
    assert all(seen[day] >= 3 for day in (0, 1, 2, 29, 30, 31, 32))
    outcome = {
        gap: first["readmission_30_day"]["numerator"]
        for gap, first, _ in gaps(thousand)
        if first["readmission_30_day"]["denominator"]
    }
    assert outcome[30] and not outcome[31]


def test_planned_readmissions_are_distinguished(thousand: Any) -> None:
    labels = [
        (stay["readmission_30_day"]["numerator"], stay["readmission_30_day_unplanned"]["numerator"])
        for stay in thousand.stays
    ]
    assert Counter(labels)[True, False] >= 10
    assert (False, True) not in labels


def test_deaths_on_both_sides_of_day_thirty(thousand: Any) -> None:
    patients = thousand.by_id("Patient")
    seen: dict[int, set[bool]] = {}
    for stay in thousand.stays:
        death = patients[stay["patient_id"]].get("deceasedDateTime")
        if death and stay["mortality_30_day"]["denominator"]:
            day = days(stay["admission_date"], death)
            seen.setdefault(day, set()).add(stay["mortality_30_day"]["numerator"])
    assert True in seen[0] and True in seen[29] and True in seen[30]
    assert seen[31] == {False}


def test_deaths_are_recorded_in_every_form(thousand: Any) -> None:
    patients = thousand.resources["Patient"]
    lengths = Counter(len(patient.get("deceasedDateTime", "")) for patient in patients)
    assert lengths[10] >= 5 and lengths[25] >= 5
    assert Counter(patient.get("deceasedBoolean") for patient in patients)[True] >= 3


def test_every_infection_decision_occurs(thousand: Any) -> None:
    events = [event for stay in thousand.stays for event in stay["infection"]["events"]]
    decisions = Counter(event["decision"] for event in events)
    assert decisions.keys() == DECISIONS
    by_day = Counter((event["hospital_day"], event["decision"]) for event in events)
    assert by_day[2, "present_on_admission"] and by_day[3, "hospital_onset"] and by_day[4, "hospital_onset"]
    assert by_day[2, "hospital_onset"] and by_day[4, "present_on_admission"]  # by indicator


def test_repeats_after_thirteen_days_and_new_events_after_fourteen(thousand: Any) -> None:
    seen = set()
    for stay in thousand.stays:
        for first, second in combinations(stay["infection"]["events"], 2):
            if first["type"] == second["type"]:
                distance = second["hospital_day"] - first["hospital_day"]
                seen.add((first["decision"], distance, second["decision"]))
    for opener in ("hospital_onset", "present_on_admission"):
        assert (opener, 13, "repeat_within_14_days") in seen
        assert (opener, 14, "hospital_onset") in seen


def test_infections_are_documented_in_every_form(thousand: Any) -> None:
    conditions = thousand.by_id("Condition")
    infections = [
        conditions[event["condition_id"]]
        for stay in thousand.stays
        for event in stay["infection"]["events"]
        if event["decision"] == "hospital_onset"
    ]
    assert any("category" not in item for item in infections)
    assert any(item.get("category") == [{"coding": [PROBLEM]}] for item in infections)
    assert any("verificationStatus" not in item for item in infections)
    assert any("encounter" not in item for item in infections)
    assert any("onsetPeriod" in item for item in infections)
    assert any("onsetDateTime" not in item and "onsetPeriod" not in item for item in infections)
    assert any(item["recordedDate"] < item.get("onsetDateTime", "") for item in infections)


PROBLEM = {
    "system": "http://terminology.hl7.org/CodeSystem/condition-category",
    "code": "problem-list-item",
    "display": "Problem List Item",
}


def test_present_on_admission_indicators_of_every_kind(thousand: Any) -> None:
    indicators = Counter(
        extension["valueCodeableConcept"]["coding"][0]["code"]
        for encounter in thousand.resources["Encounter"]
        for item in encounter.get("diagnosis", [])
        for extension in item.get("extension", [])
    )
    assert indicators.keys() == set("YWNU")


def test_ages_at_the_edge(thousand: Any) -> None:
    patients = thousand.by_id("Patient")
    seen = Counter()
    for stay in thousand.stays:
        birth = patients[stay["patient_id"]].get("birthDate", "")
        if len(birth) == 10:
            coming = f"{int(birth[:4]) + 18}{birth[4:]}"
            seen[days(stay["admission_date"], coming), stay["length_of_stay"]["exclusion"]] += 1
    assert seen[0, None] and seen[1, "under_18"]
    assert {len(patient.get("birthDate", "")) for patient in patients.values()} == {0, 4, 7, 10}


def test_classes_and_statuses(thousand: Any) -> None:
    encounters = thousand.resources["Encounter"]
    classes = Counter(encounter["class"]["code"] for encounter in encounters)
    assert classes.keys() == {"AMB", "EMER", "OBSENC", "SS", "IMP", "ACUTE", "NONAC"}
    void = {"planned", "cancelled", "entered-in-error", "arrived", "triaged"}
    inpatient = Counter(
        encounter["status"] for encounter in encounters if encounter["class"]["code"] == "IMP"
    )
    assert inpatient.keys() == void | {"finished", "in-progress", "onleave", "unknown"}
    assert sum("partOf" in encounter for encounter in encounters) >= 20
    assert sum(len(stay["encounter_ids"]) > 1 for stay in thousand.stays) >= 2


def test_lengths_at_the_edge(thousand: Any) -> None:
    finished = [stay for stay in thousand.stays if stay["discharge_date"]]
    assert sum(stay["admission_date"] == stay["discharge_date"] for stay in finished) >= 10
    assert sum(stay["admission_date"][:4] < stay["discharge_date"][:4] for stay in finished) >= 5
    short_night = [stay for stay in finished if stay["length_of_stay"]["fractional"] < 0.1]
    assert {stay["length_of_stay"]["midnights"] for stay in short_night} == {0, 1}


def test_follow_up_at_the_edge(thousand: Any) -> None:
    as_of = thousand.truth["as_of"]
    seen = {
        (measure, days(stay[moment], as_of), stay[measure]["exclusion"])
        for stay in thousand.stays
        if stay["discharge_date"]
        for measure, moment in (
            ("readmission_30_day", "discharge_date"),
            ("mortality_30_day", "admission_date"),
        )
    }
    for measure in ("readmission_30_day", "mortality_30_day"):
        assert (measure, 30, None) in seen
        assert (measure, 29, "follow_up_incomplete") in seen


def test_a_clock_change_and_a_repeated_hour_lie_inside_stays(thousand: Any) -> None:
    encounters = thousand.by_id("Encounter")
    periods = [
        encounters[stay["id"]]["period"]
        for stay in thousand.stays
        if "end" in encounters[stay["id"]]["period"]
    ]
    assert sum(period["start"][19:] != period["end"][19:] for period in periods) >= 4
    assert any(period["end"][:19] < period["start"][:19] for period in periods)


def test_transfers_chain_over_two_and_three_hospitals(thousand: Any) -> None:
    chained = Counter(
        (gap, second["mortality_30_day"]["exclusion"] == "transferred_in")
        for gap, first, second in gaps(thousand)
        if first["hospital_id"] != second["hospital_id"]
        and second["mortality_30_day"]["exclusion"] != "not_acute"
    )
    assert chained[0, True] and chained[1, True] and chained[-1, True]
    assert chained[2, False] and not chained[2, True]
