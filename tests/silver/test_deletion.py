"""A deletion is a version like any other: the resource is gone from then on, with all that it caused."""

import pytest
from pyspark.sql import Row
from tests.support.builders import (
    HEART_FAILURE,
    Lake,
    Resource,
    by_id,
    condition,
    deletion,
    encounter,
    ids_of,
    organization,
    patient,
    story,
)

FIRST, SECOND, THIRD, FOURTH = (f"2025-06-0{day}T08:00:00Z" for day in range(1, 5))


def at(stamp: str, resource: Resource) -> Resource:
    return {**resource, "meta": {"lastUpdated": stamp}}


def stay(stamp: str, patient_id: str = "p") -> Resource:
    return at(stamp, encounter("a", patient_id, start="2025-03-01", end="2025-03-05"))


def replaced(id: str, by: str) -> Resource:
    link = {"type": "replaced-by", "other": {"reference": f"Patient/{by}"}}
    return at(FIRST, patient(id, link=[link]))


STORIES = {
    "deleted-encounter": story(stay(FIRST), deletion(SECOND, "Encounter/a")),
    "deleted-diagnosis": story(
        stay(FIRST), at(FIRST, condition("c", HEART_FAILURE, "a")), deletion(SECOND, "Condition/c")
    ),
    "deleted-hospital": story(
        at(FIRST, organization("deleted", "North")), deletion(SECOND, "Organization/deleted")
    ),
    "deleted-before": story(deletion(SECOND, "Encounter/a"), stay(FIRST)),  # an older version that comes late
    "deleted-and-back": story(stay(FIRST), deletion(SECOND, "Encounter/a"), stay(THIRD)),
    "deleted-twice": story(
        stay(FIRST), deletion(SECOND, "Encounter/a"), stay(THIRD), deletion(FOURTH, "Encounter/a")
    ),
    "deleted-patient": story(stay(FIRST), deletion(SECOND, "Patient/p"), of=at(FIRST, patient())),
    "deleted-survivor": story(
        stay(FIRST, "q"), replaced("q", "p"), deletion(SECOND, "Patient/p"), of=at(FIRST, patient())
    ),
    "deleted-link": story(stay(FIRST, "q"), replaced("q", "p"), deletion(SECOND, "Patient/q")),
}


def test_a_deleted_resource_of_any_type_is_a_tombstone_without_flags(
    lake: Lake, patients: dict[str, Row], encounters: dict[str, Row], conditions: dict[str, Row]
) -> None:
    organizations = by_id(lake.silver.organization)
    for row in (
        patients["deleted-patient.p"],
        encounters["deleted-encounter.a"],
        conditions["deleted-diagnosis.c"],
        organizations["deleted"],
    ):
        assert (row.is_live, row.quality_flags) == (False, [])


def test_a_deleted_encounter_is_no_stay(stays: dict[str, Row]) -> None:
    assert ids_of(stays, "deleted-encounter") == []


def test_a_deleted_diagnosis_is_none(stays: dict[str, Row]) -> None:
    assert stays["deleted-diagnosis.a"].principal_diagnosis is None


def test_an_older_version_revives_nothing_and_a_newer_one_does(stays: dict[str, Row]) -> None:
    assert ids_of(stays, "deleted-before") == []
    assert ids_of(stays, "deleted-and-back") == ["a"]


def test_a_second_deletion_counts_though_it_has_the_body_of_the_first(stays: dict[str, Row]) -> None:
    assert ids_of(stays, "deleted-twice") == []


@pytest.mark.parametrize(("name", "of"), [("patient", "p"), ("survivor", "p"), ("link", "q")])
def test_the_stays_of_a_deleted_patient_are_of_one_that_nobody_knows(
    stays: dict[str, Row], name: str, of: str
) -> None:
    """A deleted survivor is one all the same; the link of a deleted patient is gone with it."""
    row = stays[f"deleted-{name}.a"]
    assert row.patient_id == f"deleted-{name}.{of}"
    assert (row.is_patient_known, row.age, row.sex) == (False, None, None)
