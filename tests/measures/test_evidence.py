"""Evidence: the resources that decided, each with its role and the hash of the line it came in."""

import hashlib
import json

import pytest
from pyspark.sql import Row
from tests.support.builders import (
    CHEMOTHERAPY,
    HEART_FAILURE,
    SEPSIS,
    SNOMED,
    Lake,
    Resource,
    concept,
    condition,
    encounter,
    patient,
    stay_for,
    story,
)

POINT_OF_ORIGIN = "https://www.nubc.org/CodeSystem/PointOfOrigin"
READMISSION, IN_HOSPITAL, THIRTY_DAY = "readmission_30_day", "mortality_in_hospital", "mortality_30_day"


def stay(
    id: str = "a",
    start: str = "2025-03-01",
    end: str | None = "2025-03-05",
    hospital: str = "H1",
    **facts: str,
) -> Resource:
    return encounter(id, start=start, end=end, hospital=hospital, **facts)


def died(day: str) -> Resource:
    return patient(died=day)


HOME = {"disposition": "home"}
BACK = {"start": "2025-03-05T18:00:00Z", "end": "2025-03-09T08:00:00Z"}
CONTINUED = story(
    stay_for(HEART_FAILURE, "a", start="2025-03-01T08:00:00Z", end="2025-03-05T10:00:00Z"),
    stay_for(HEART_FAILURE, "b", **BACK),
)
FROM_HOSPICE = stay() | {"hospitalization": {"admitSource": concept(POINT_OF_ORIGIN, "F")}}
EXCLUDED = {
    "not_finished": (story(stay(end=None, status="in-progress")), READMISSION, ["stay a"]),
    "dates_unusable": (story(stay(end=None)), READMISSION, ["stay a"]),
    "end_before_start": (story(stay(end="2025-02-01")), READMISSION, ["stay a"]),
    "age_unknown": (story(stay(), of=patient(born=None)), READMISSION, ["birth p"]),
    "under_18": (story(stay(), of=patient(born="2010-01-01")), READMISSION, ["birth p"]),
    "not_acute": (story(stay(kind="NONAC")), READMISSION, ["stay a"]),
    "inconsistent_vital_status": (
        story(stay(**HOME), stay("b", "2025-05-01", "2025-05-02"), of=died("2025-04-01")),
        THIRTY_DAY,
        ["death p", "stay_after_death b"],
    ),
    "died_in_hospital": (
        story(stay(disposition="exp"), of=died("2025-03-05")),
        READMISSION,
        ["death p", "disposition a"],
    ),
    "died_on_discharge_date": (story(stay(**HOME), of=died("2025-03-05")), READMISSION, ["death p"]),
    "left_against_medical_advice": (story(stay(disposition="aadvice")), READMISSION, ["disposition a"]),
    "transferred_out": (
        story(stay(**HOME), stay("b", "2025-03-06", "2025-03-09", "H2")),
        READMISSION,
        ["disposition a", "transfer b"],
    ),
    "cancer_treatment": (
        story(stay_for(CHEMOTHERAPY, "a", start="2025-03-01", end="2025-03-05")),
        READMISSION,
        ["principal_diagnosis a-dx"],
    ),
    "psychiatric": (
        story(stay(reasonCode=[concept(SNOMED, "58214004")])),
        READMISSION,
        ["principal_diagnosis a"],
    ),
    "same_day_continuation": (CONTINUED, READMISSION, ["continuation b"]),
    "not_readmitted": (story(stay()), "readmission_planned_status_unknown", []),
    "death_date_unknown": (
        story(stay(**HOME), of=patient(deceasedBoolean=True)),
        THIRTY_DAY,
        ["death p"],
    ),
    "demographics_unreliable": (story(stay(), of=patient(gender=None)), THIRTY_DAY, ["birth p"]),
    "hospice_at_admission": (story(FROM_HOSPICE), THIRTY_DAY, ["admit_source a"]),
    "hospice_prior_12_months": (
        story(stay("z", "2025-01-01", "2025-01-05", disposition="hosp"), stay()),
        THIRTY_DAY,
        ["hospice z"],
    ),
    "times_unknown": (story(stay()), "length_of_stay_fractional", ["stay a"]),
    "not_last_leg": (
        story(stay(), stay("b", "2025-03-06", "2025-03-09", "H2")),
        "length_of_stay_episode_billing",
        ["transfer b"],
    ),
}
COUNTED = {
    "readmission": (story(stay(), stay("b", "2025-03-20", "2025-03-22")), READMISSION, ["readmission b"]),
    "death-in-hospital": (
        story(stay(disposition="exp"), of=died("2025-03-05")),
        IN_HOSPITAL,
        ["death p", "disposition a"],
    ),
    "death-30-days": (story(stay(**HOME), of=died("2025-03-20")), THIRTY_DAY, ["death p"]),
    "infection": (
        story(stay(), condition("c", SEPSIS, "a", onset="2025-03-04")),
        "infection",
        ["infection c"],
    ),
}
NOTHING = {
    "alive": (story(stay(**HOME)), IN_HOSPITAL),
    "on-admission": (story(stay(), condition("c", SEPSIS, "a", onset="2025-03-02")), "infection"),
    "length": (story(stay()), "length_of_stay_billing"),
}
SEVERAL = {
    "second-leg": story(
        stay("z"),
        stay("a", "2025-03-06", "2025-03-09", "H2", disposition="aadvice"),
        of=patient(gender="unknown"),
    ),
    "nobody": story(stay(), of=None),
    "unborn": story(stay(), of=patient(born="2025-03-02")),
}
STORIES = {
    **{f"evidence-{name}": told for name, (told, *_) in {**EXCLUDED, **COUNTED, **NOTHING}.items()},
    **{f"evidence-{name}": told for name, told in SEVERAL.items()},
}


def named(decided: dict[str, Row], name: str, measure: str) -> list[str]:
    """Return role and short id of each resource that decided on stay `a`."""
    proofs = decided[f"evidence-{name}.a"][measure].evidence
    assert all(proof.id.startswith(f"evidence-{name}.") for proof in proofs)
    return sorted(f"{proof.role} {proof.id.split('.')[1]}" for proof in proofs)


@pytest.mark.parametrize("name", EXCLUDED)
def test_an_exclusion_names_the_resource_that_decided(decided: dict[str, Row], name: str) -> None:
    _, measure, proofs = EXCLUDED[name]
    assert decided[f"evidence-{name}.a"][measure].exclusions == [name]
    assert named(decided, name, measure) == proofs


@pytest.mark.parametrize("name", COUNTED)
def test_an_event_names_the_resource_that_tells_of_it(decided: dict[str, Row], name: str) -> None:
    _, measure, proofs = COUNTED[name]
    assert decided[f"evidence-{name}.a"][measure].numerator
    assert named(decided, name, measure) == proofs


@pytest.mark.parametrize("name", NOTHING)
def test_where_nothing_decided_there_is_no_evidence(decided: dict[str, Row], name: str) -> None:
    assert named(decided, name, NOTHING[name][1]) == []


def test_each_of_several_exclusions_has_its_evidence(decided: dict[str, Row]) -> None:
    assert decided["evidence-second-leg.a"][THIRTY_DAY].exclusions == [
        "demographics_unreliable",
        "left_against_medical_advice",
        "transferred_in",
    ]
    assert named(decided, "second-leg", THIRTY_DAY) == ["birth p", "disposition a", "transfer z"]


def test_a_patient_who_is_not_in_the_data_is_no_evidence(decided: dict[str, Row]) -> None:
    assert decided["evidence-nobody.a"][READMISSION].exclusions == ["patient_unknown", "age_unknown"]
    assert named(decided, "nobody", READMISSION) == ["stay a"]


def test_a_stay_before_birth_is_proved_by_the_birth_and_by_no_death(decided: dict[str, Row]) -> None:
    assert "inconsistent_vital_status" in decided["evidence-unborn.a"][THIRTY_DAY].exclusions
    assert named(decided, "unborn", THIRTY_DAY) == ["birth p"]


def test_every_proof_is_a_resource_of_the_lake_with_the_hash_of_its_line(
    lake: Lake, all_decided: list[Row]
) -> None:
    lines = {
        (one["resourceType"], one["id"]): hashlib.sha256(json.dumps(one).encode()).hexdigest()
        for one in lake.resources
    }
    proofs = {
        ((proof.type, proof.id), proof.body_sha256)
        for row in all_decided
        for measure in (READMISSION, IN_HOSPITAL, THIRTY_DAY, "infection", "length_of_stay_fractional")
        for proof in row[measure].evidence
    }
    assert proofs
    assert proofs <= lines.items()
