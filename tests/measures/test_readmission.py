"""Readmission: the patient's next acute admission, 0 to 30 days after discharge (MEASURES 1.2, 1.3)."""

from datetime import date

import pytest
from pyspark.sql import Row
from tests.support.builders import (
    ASTHMA,
    CHEMOTHERAPY,
    DELIVERY,
    REHABILITATION,
    SNOMED,
    Resource,
    concept,
    encounter,
    patient,
    stay_for,
    story,
)


def stay(id: str, start: str, end: str | None, hospital: str = "H1", **facts: str) -> Resource:
    return encounter(id, start=f"2025-{start}", end=end and f"2025-{end}", hospital=hospital, **facts)


INDEX = stay("a", "03-01", "03-05")
READMITTED = {
    "day-0": story(INDEX, stay("b", "03-05", "03-09")),
    "day-1": story(INDEX, stay("b", "03-06", "03-09")),
    "day-29": story(INDEX, stay("b", "04-03", "04-09")),
    "day-30": story(INDEX, stay("b", "04-04", "04-09")),
    "day-30-late": story(
        stay("a", "03-01T08:00:00Z", "03-05T00:10:00Z"), stay("b", "04-04T23:50:00Z", "04-09T08:00:00Z")
    ),
    "elsewhere": story(INDEX, stay("b", "03-15", "03-17", "H2")),
    "open": story(INDEX, stay("b", "03-15", None, status="in-progress")),
    "without-end": story(INDEX, stay("b", "03-15", None)),
    "of-a-minor": story(INDEX, stay("b", "03-15", "03-17"), of=patient(born="2007-03-01")),
    "against-advice": story(INDEX, stay("b", "03-15", "03-17", disposition="aadvice")),
    "to-its-death": story(INDEX, stay("b", "03-15", "03-17", disposition="exp")),
    "rehabilitation-first": story(
        INDEX, stay("n", "03-08", "03-10", kind="NONAC"), stay("b", "03-15", "03-17")
    ),
    "visit-first": story(INDEX, stay("v", "03-08", "03-08", kind="EMER"), stay("b", "03-15", "03-17")),
    "twice": story(INDEX, stay("b", "03-15", "03-17"), stay("c", "03-20", "03-22")),
    "chain": story(INDEX, stay("b", "03-15", "03-17", "H2"), stay("c", "03-17", "03-20", "H3")),
}
NOT_READMITTED = {
    "never": story(INDEX),
    "day-31": story(INDEX, stay("b", "04-05", "04-09")),
    "day-31-early": story(
        stay("a", "03-01T08:00:00Z", "03-05T23:50:00Z"), stay("b", "04-05T00:10:00Z", "04-09T08:00:00Z")
    ),
    "rehabilitation": story(INDEX, stay("n", "03-15", "03-17", kind="NONAC")),
    "observation": story(INDEX, stay("b", "03-15", "03-17", kind="OBSENC")),
    "short-stay": story(INDEX, stay("b", "03-15", "03-17", kind="SS")),
    "cancelled": story(INDEX, stay("b", "03-15", "03-17", status="cancelled")),
    "planned-status": story(INDEX, stay("b", "03-15", None, status="planned")),
    "entered-in-error": story(INDEX, stay("b", "03-15", "03-17", status="entered-in-error")),
    "undated": story(INDEX, encounter("b", end="2025-03-17")),
    "before": story(INDEX, stay("b", "02-01", "02-03")),
    "died-later": story(INDEX, of=patient(died="2025-03-20")),
}
PLANNED = {
    "chemotherapy": CHEMOTHERAPY,
    "rehabilitation-diagnosis": REHABILITATION,
    "delivery": DELIVERY,
    "transplant": "70536003",
}
PLANNED_STORIES = {
    name: story(INDEX, stay_for(code, "b", start="2025-03-15", end="2025-03-17"))
    for name, code in PLANNED.items()
}
OTHERS = {
    "second-coding-planned": story(
        INDEX,
        stay_for(
            {"coding": [{"system": "urn:x", "code": "1"}, *concept(SNOMED, CHEMOTHERAPY)["coding"]]},
            "b",
            start="2025-03-15",
            end="2025-03-17",
        ),
    ),
    "unplanned": story(INDEX, stay_for(ASTHMA, "b", start="2025-03-15", end="2025-03-17")),
    "planned-then-unplanned": story(
        INDEX, stay_for(CHEMOTHERAPY, "b", start="2025-03-10", end="2025-03-12"), stay("c", "03-15", "03-17")
    ),
    "unplanned-then-planned": story(
        INDEX, stay("b", "03-10", "03-12"), stay_for(CHEMOTHERAPY, "c", start="2025-03-15", end="2025-03-17")
    ),
    "to-a-minor-index": story(INDEX, stay("b", "03-15", "03-17"), of=patient(born="2007-03-10")),
}
STORIES = {
    f"readmission-{name}": told
    for name, told in {**READMITTED, **NOT_READMITTED, **PLANNED_STORIES, **OTHERS}.items()
}


@pytest.mark.parametrize("name", READMITTED)
def test_the_next_acute_admission_on_day_0_to_30_is_a_readmission(decided: dict[str, Row], name: str) -> None:
    decision = decided[f"readmission-{name}.a"].readmission_30_day
    assert (decision.denominator, decision.numerator, decision.value) == (True, True, 1.0)
    assert [(proof.role, proof.type, proof.id) for proof in decision.evidence] == [
        ("readmission", "Encounter", f"readmission-{name}.b")
    ]


@pytest.mark.parametrize("name", NOT_READMITTED)
def test_anything_else_is_no_readmission_and_the_index_admission_stays(
    decided: dict[str, Row], name: str
) -> None:
    decision = decided[f"readmission-{name}.a"].readmission_30_day
    assert (decision.denominator, decision.numerator, decision.value) == (True, False, 0.0)
    assert not decision.evidence


@pytest.mark.parametrize("name", PLANNED)
def test_a_planned_readmission_counts_only_for_all_causes(decided: dict[str, Row], name: str) -> None:
    row = decided[f"readmission-{name}.a"]
    assert row.readmission_30_day.numerator
    assert row.readmission_30_day_unplanned.denominator
    assert not row.readmission_30_day_unplanned.numerator


def test_any_coding_of_the_principal_diagnosis_makes_a_readmission_a_planned_one(
    decided: dict[str, Row],
) -> None:
    assert not decided["readmission-second-coding-planned.a"].readmission_30_day_unplanned.numerator


def test_without_a_diagnosis_it_cannot_be_told_whether_a_readmission_was_planned(
    decided: dict[str, Row],
) -> None:
    names = ("day-30", "unplanned", "chemotherapy")
    found = [decided[f"readmission-{name}.a"].readmission_planned_status_unknown for name in names]
    assert [(one.denominator, one.numerator) for one in found] == [
        (True, True),
        (True, False),
        (True, False),
    ]


def test_only_readmissions_have_a_planned_status(decided: dict[str, Row]) -> None:
    decision = decided["readmission-day-31.a"].readmission_planned_status_unknown
    assert (decision.denominator, decision.exclusion) == (False, "not_readmitted")


def test_an_unplanned_readmission_counts_for_both_measures(decided: dict[str, Row]) -> None:
    row = decided["readmission-unplanned.a"]
    assert (row.readmission_30_day.numerator, row.readmission_30_day_unplanned.numerator) == (True, True)


def test_a_planned_readmission_hides_a_later_unplanned_one(decided: dict[str, Row]) -> None:
    row = decided["readmission-planned-then-unplanned.a"]
    assert (row.readmission_30_day.numerator, row.readmission_30_day_unplanned.numerator) == (True, False)


def test_an_unplanned_readmission_is_not_hidden_by_a_later_planned_one(decided: dict[str, Row]) -> None:
    assert decided["readmission-unplanned-then-planned.a"].readmission_30_day_unplanned.numerator


def test_a_readmission_may_be_an_index_admission_itself(decided: dict[str, Row]) -> None:
    decision = decided["readmission-twice.b"].readmission_30_day
    assert (decision.denominator, decision.numerator) == (True, True)
    assert [proof.id for proof in decision.evidence] == ["readmission-twice.c"]


def test_a_stay_of_a_minor_is_no_index_admission_whatever_follows(decided: dict[str, Row]) -> None:
    decision = decided["readmission-to-a-minor-index.a"].readmission_30_day
    assert (decision.exclusion, decision.numerator) == ("under_18", False)


def test_a_readmission_is_seen_on_its_day_and_can_be_judged_30_days_after_discharge(
    decided: dict[str, Row],
) -> None:
    decision = decided["readmission-day-29.a"].readmission_30_day
    assert (decision.event_on, decision.matures_on) == (date(2025, 4, 3), date(2025, 4, 4))
    assert decided["readmission-never.a"].readmission_30_day.event_on is None
