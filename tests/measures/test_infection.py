"""Hospital-onset infections: there on admission, or begun in hospital, or a repeat (MEASURES 3)."""

from datetime import date
from typing import Any

import pytest
from pyspark.sql import Row
from tests.support.builders import (
    COMMUNITY_PNEUMONIA,
    HEART_FAILURE,
    MRSA,
    PNEUMONIA,
    SEPSIS,
    SNOMED,
    SUSPECTED_COVID,
    UTI,
    VENTILATOR_PNEUMONIA,
    Resource,
    condition,
    diagnosis,
    encounter,
    ids_of,
    story,
)

STAY = {"start": "2025-03-10T08:00:00Z", "end": "2025-03-20T10:00:00Z"}
ON_ADMISSION, ONSET, REPEAT = "present_on_admission", "hospital_onset", "repeat_within_14_days"


def infection(
    code: str = SEPSIS, day: str | None = None, poa: str | None = None, **facts: Any
) -> list[Resource]:
    """Return the story of one stay, 10 to 20 March, with one infection."""
    listed = [diagnosis("c", poa=poa)] if poa else []
    onset = f"2025-03-{day}" if day else None
    return story(encounter("a", diagnoses=listed, **STAY), condition("c", code, "a", onset=onset, **facts))


DECISIONS = {
    "day-1": (infection(day="10"), ON_ADMISSION),
    "day-2": (infection(day="11T23:59:00Z"), ON_ADMISSION),
    "day-3": (infection(day="12T00:01:00Z"), ONSET),
    "day-4": (infection(day="13"), ONSET),
    "last-day": (infection(day="20"), ONSET),
    "day-after": (infection(day="21"), ONSET),
    "two-days-after": (infection(day="22"), "after_discharge"),
    "day-before": (infection(day="09"), ON_ADMISSION),
    "two-days-before": (infection(day="08"), ON_ADMISSION),
    "three-days-before": (infection(day="07"), "before_admission"),
    "recorded-first": (infection(day="12", recorded="2025-03-11"), ON_ADMISSION),
    "recorded-later": (infection(day="11", recorded="2025-03-12"), ON_ADMISSION),
    "recorded-only": (infection(recorded="2025-03-12"), ONSET),
    "poa-yes": (infection(day="13", poa="Y"), ON_ADMISSION),
    "poa-undetermined": (infection(day="13", poa="W"), ON_ADMISSION),
    "poa-no": (infection(day="10", poa="N"), ONSET),
    "poa-unknown": (infection(day="10", poa="U"), ONSET),
    "poa-exempt": (infection(day="13", poa="1"), ONSET),
    "poa-no-undated": (infection(poa="N"), ONSET),
    "poa-yes-undated": (infection(poa="Y"), ON_ADMISSION),
    "poa-no-after": (infection(day="22", poa="N"), "after_discharge"),
    "poa-no-before": (infection(day="07", poa="N"), "before_admission"),
    "undated": (infection(), "date_unknown"),
    "month-only": (infection(recorded="2025-03"), "date_unknown"),
    "setting-undated": (infection(VENTILATOR_PNEUMONIA), ONSET),
    "setting-undated-poa": (infection(VENTILATOR_PNEUMONIA, poa="Y"), ON_ADMISSION),
    "setting-day-2": (infection(VENTILATOR_PNEUMONIA, day="11"), ON_ADMISSION),
    "setting-day-3": (infection(VENTILATOR_PNEUMONIA, day="12"), ONSET),
    "community": (infection(COMMUNITY_PNEUMONIA, day="15"), ON_ADMISSION),
    "community-poa-no": (infection(COMMUNITY_PNEUMONIA, day="15", poa="N"), ON_ADMISSION),
    "community-after": (infection(COMMUNITY_PNEUMONIA, day="25"), ON_ADMISSION),
    "suspected": (infection(SUSPECTED_COVID, day="15"), "excluded_code"),
    "confirmed": (infection(day="15", verification="confirmed"), ONSET),
    "refuted": (infection(day="15", verification="refuted"), "not_confirmed"),
    "unconfirmed": (infection(day="15", verification="unconfirmed"), "not_confirmed"),
    "provisional": (infection(day="15", verification="provisional"), "not_confirmed"),
    "differential": (infection(day="15", verification="differential"), "not_confirmed"),
    "refuted-suspected": (infection(SUSPECTED_COVID, day="15", verification="refuted"), "not_confirmed"),
    "resolved": (
        infection(day="15", clinicalStatus={"coding": [{"code": "resolved"}]}, category="problem-list-item"),
        ONSET,
    ),
}


def repeats(*days: str, code: str = UTI) -> list[Resource]:
    """Return the story of one long stay with an infection on each of the days (month-day)."""
    found = [condition(f"c{at}", code, "a", onset=f"2025-{day}") for at, day in enumerate(days, start=1)]
    return story(encounter("a", start="2025-03-01", end="2025-04-30"), *found)


REPEATS = {
    "day-13": (repeats("03-05", "03-18"), [ONSET, REPEAT]),
    "day-14": (repeats("03-05", "03-19"), [ONSET, ONSET]),
    "same-day": (repeats("03-05", "03-05"), [ONSET, REPEAT]),
    "not-prolonged": (repeats("03-05", "03-15", "03-19", "03-25"), [ONSET, REPEAT, ONSET, REPEAT]),
    "after-admission": (repeats("03-02", "03-15", "03-16"), [ON_ADMISSION, REPEAT, ONSET]),
}


def leg(id: str, hospital: str, start: str, end: str) -> Resource:
    return encounter(id, hospital=hospital, start=f"2025-03-{start}", end=f"2025-03-{end}")


OTHERS = {
    "other-type": story(
        leg("a", "H1", "01", "20"),
        condition("c1", UTI, "a", onset="2025-03-05"),
        condition("c2", PNEUMONIA, "a", onset="2025-03-06"),
        condition("c3", MRSA, "a", onset="2025-03-07"),
    ),
    "same-type": story(
        leg("a", "H1", "01", "20"),
        condition("c1", UTI, "a", onset="2025-03-05"),
        condition("c2", "68226007", "a", onset="2025-03-06"),
    ),
    "across-chain": story(
        leg("a", "H1", "01", "08"),
        leg("b", "H2", "08", "20"),
        condition("c1", UTI, "a", onset="2025-03-05"),
        condition("c2", UTI, "b", onset="2025-03-12"),
    ),
    "other-chain": story(
        leg("a", "H1", "01", "08"),
        leg("b", "H1", "09", "20"),
        condition("c1", UTI, "a", onset="2025-03-05"),
        condition("c2", UTI, "b", onset="2025-03-12"),
    ),
    "refuted-opens-nothing": story(
        leg("a", "H1", "01", "20"),
        condition("c1", UTI, "a", onset="2025-03-05", verification="refuted"),
        condition("c2", UTI, "a", onset="2025-03-06"),
    ),
    "undated-opens-nothing": story(
        leg("a", "H1", "01", "20"),
        condition("c1", VENTILATOR_PNEUMONIA, "a"),
        condition("c2", PNEUMONIA, "a", onset="2025-03-06"),
    ),
    "no-infection": story(leg("a", "H1", "01", "20"), condition("c", HEART_FAILURE, "a", onset="2025-03-05")),
    "other-system": story(
        leg("a", "H1", "01", "20"),
        condition("c", {"coding": [{"system": "urn:x", "code": SEPSIS}]}, "a", onset="2025-03-05"),
    ),
    "second-coding": story(
        leg("a", "H1", "01", "20"),
        condition(
            "c",
            {"coding": [{"system": "urn:x", "code": "A41"}, {"system": SNOMED, "code": SEPSIS}]},
            "a",
            onset="2025-03-05",
        ),
    ),
    "in-error": infection(day="15", verification="entered-in-error"),
    "unlinked": story(leg("a", "H1", "01", "20"), condition("c", SEPSIS, onset="2025-03-21")),
    "of-a-visit": story(
        leg("a", "H1", "01", "20"),
        encounter("v", kind="EMER", start="2025-03-01"),
        condition("c", SEPSIS, "v", onset="2025-03-05"),
    ),
    "by-diagnosis": story(
        encounter("a", start="2025-03-01", end="2025-03-20", diagnoses=[diagnosis("c")]),
        condition("c", SEPSIS, onset="2025-03-05"),
    ),
    "by-both": story(
        encounter("a", start="2025-03-01", end="2025-03-10", diagnoses=[diagnosis("c")]),
        encounter("b", start="2025-04-01", end="2025-04-10"),
        condition("c", SEPSIS, "b", onset="2025-04-05"),
    ),
    "of-a-segment": story(
        leg("a", "H1", "01", "20"),
        encounter("icu", kind="ACUTE", part_of="a", start="2025-03-02", end="2025-03-06"),
        condition("c", SEPSIS, "icu", onset="2025-03-04"),
    ),
    "of-a-merged": story(
        leg("a", "H1", "01", "10"),
        leg("b", "H1", "09", "20"),
        condition("c", SEPSIS, "b", onset="2025-03-10"),
    ),
    "in-open": story(
        encounter("a", start="2025-03-01", status="in-progress"),
        condition("c", SEPSIS, "a", onset="2025-06-01"),
    ),
    "in-rehabilitation": story(
        encounter("a", kind="NONAC", start="2025-03-01", end="2025-03-20"),
        condition("c", SEPSIS, "a", onset="2025-03-05"),
    ),
    "several": story(
        leg("a", "H1", "01", "20"),
        condition("c1", UTI, "a", onset="2025-03-09"),
        condition("c2", SEPSIS, "a", onset="2025-03-05"),
        condition("c3", PNEUMONIA, "a", onset="2025-03-02"),
    ),
}
STORIES = {
    **{f"infection-{name}": told for name, (told, _) in DECISIONS.items()},
    **{f"repeat-{name}": told for name, (told, _) in REPEATS.items()},
    **{f"infection-{name}": told for name, told in OTHERS.items()},
}


def decisions(infections: dict[str, Row], name: str) -> list[str]:
    return [infections[f"{name}.{id}"].decision for id in ids_of(infections, name)]


@pytest.mark.parametrize("name", DECISIONS)
def test_the_first_rule_that_applies_decides_on_an_infection(infections: dict[str, Row], name: str) -> None:
    assert infections[f"infection-{name}.c"].decision == DECISIONS[name][1]


@pytest.mark.parametrize("name", DECISIONS)
def test_a_stay_counts_its_hospital_onset_infections(decided: dict[str, Row], name: str) -> None:
    decision = decided[f"infection-{name}.a"].infection
    is_onset = DECISIONS[name][1] == ONSET
    assert (decision.denominator, decision.numerator, decision.value) == (True, is_onset, float(is_onset))


@pytest.mark.parametrize("name", REPEATS)
def test_the_same_infection_within_14_days_is_the_same_event(infections: dict[str, Row], name: str) -> None:
    assert decisions(infections, f"repeat-{name}") == REPEATS[name][1]


def test_an_infection_of_another_type_is_no_repeat(infections: dict[str, Row]) -> None:
    assert decisions(infections, "infection-other-type") == [ONSET] * 3


def test_another_code_of_the_same_type_is_a_repeat(infections: dict[str, Row]) -> None:
    assert decisions(infections, "infection-same-type") == [ONSET, REPEAT]


def test_repeats_are_looked_for_across_the_legs_of_a_transfer_but_not_across_stays(
    infections: dict[str, Row],
) -> None:
    assert decisions(infections, "infection-across-chain") == [ONSET, REPEAT]
    assert decisions(infections, "infection-other-chain") == [ONSET, ONSET]


def test_only_a_dated_event_that_counts_opens_a_timeframe(infections: dict[str, Row]) -> None:
    assert decisions(infections, "infection-refuted-opens-nothing") == ["not_confirmed", ONSET]
    assert decisions(infections, "infection-undated-opens-nothing") == [ONSET, ONSET]


def test_only_codes_of_the_list_with_its_system_are_candidates(infections: dict[str, Row]) -> None:
    assert ids_of(infections, "infection-no-infection") == []
    assert ids_of(infections, "infection-other-system") == []
    row = infections["infection-second-coding.c"]
    assert (row.type, row.code, row.display) == ("bloodstream", SEPSIS, "Sepsis (disorder)")


def test_a_condition_entered_in_error_is_ignored(infections: dict[str, Row], decided: dict[str, Row]) -> None:
    assert ids_of(infections, "infection-in-error") == []
    assert decided["infection-in-error.a"].infection.value == 0.0


def test_an_infection_belongs_to_the_stay_it_refers_to_or_that_lists_it(infections: dict[str, Row]) -> None:
    stays = {
        name: infections[f"infection-{name}.c"].stay_id.split(".")[1]
        for name in ("by-diagnosis", "by-both", "of-a-segment", "of-a-merged")
    }
    assert stays == {"by-diagnosis": "a", "by-both": "b", "of-a-segment": "a", "of-a-merged": "a"}


def test_an_infection_of_no_stay_is_no_candidate(infections: dict[str, Row]) -> None:
    assert ids_of(infections, "infection-unlinked") == []
    assert ids_of(infections, "infection-of-a-visit") == []


def test_the_day_of_admission_is_hospital_day_1(infections: dict[str, Row]) -> None:
    days = {
        name: infections[f"infection-{name}.c"].hospital_day
        for name in ("day-before", "day-1", "day-3", "undated")
    }
    assert days == {"day-before": 0, "day-1": 1, "day-3": 3, "undated": None}


def test_an_infection_in_an_open_stay_is_never_after_discharge(
    infections: dict[str, Row], decided: dict[str, Row]
) -> None:
    assert decisions(infections, "infection-in-open") == [ONSET]
    assert decided["infection-in-open.a"].infection.exclusion == "not_finished"


def test_non_acute_stays_count_for_infections(decided: dict[str, Row]) -> None:
    decision = decided["infection-in-rehabilitation.a"].infection
    assert (decision.denominator, decision.value) == (True, 1.0)


def test_a_stay_can_have_several_events_and_names_them(decided: dict[str, Row]) -> None:
    decision = decided["infection-several.a"].infection
    assert (decision.value, decision.event_on) == (2.0, date(2025, 3, 5))
    assert [(proof.role, proof.id.split(".")[1]) for proof in decision.evidence] == [
        ("infection", "c1"),
        ("infection", "c2"),
    ]


def test_every_decision_has_a_reason_in_words(infections: dict[str, Row]) -> None:
    reasons = {row.decision: row.reason for row in infections.values()}
    assert set(reasons) == {expected for _, expected in DECISIONS.values()} | {REPEAT}
    assert all(reason and reason.endswith(".") for reason in reasons.values())
