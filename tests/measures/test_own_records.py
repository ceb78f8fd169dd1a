"""What is said of a patient's stays depends on the records of that patient, and of those merged with it, only."""

from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa
import pytest
from pyspark.sql import Row
from tests.support.builders import (
    HEART_FAILURE,
    SCHIZOPHRENIA,
    SEPSIS,
    UTI,
    Lake,
    Resource,
    condition,
    diagnosis,
    encounter,
    patient,
    records,
    silver_of,
    story,
)
from tests.support.tables import Rows

FEBRUARY = {"start": "2025-02-01", "end": "2025-02-05"}
MARCH = {"start": "2025-02-20", "end": "2025-03-12"}


def replaced(id: str, by: str) -> Resource:
    return patient(id, link=[{"type": "replaced-by", "other": {"reference": f"Patient/{by}"}}])


STORIES = {
    "own-merged": story(
        encounter("a", **FEBRUARY),
        encounter("b", "q", **MARCH),
        condition("early", UTI, patient_id="q", onset="2025-02-04"),
        condition("late", SEPSIS, patient_id="r", onset="2025-03-01"),
        replaced("r", "q"),
        replaced("q", "p"),
        encounter("c", "bystander", **MARCH),
        patient("bystander"),
    ),
    "own-not-merged": story(encounter("a", **FEBRUARY), encounter("b", "q", **MARCH), patient("q")),
    "own-segment": story(
        encounter("a", **FEBRUARY),
        encounter("leg", "q", part_of="a", **FEBRUARY),
        encounter("nobodys", None, part_of="a", **FEBRUARY),
        condition("c", SEPSIS, "leg", patient_id="q", onset="2025-02-04"),
        condition("d", SEPSIS, "nobodys", patient_id=None, onset="2025-02-04"),
        patient("q"),
    ),
    "own-cycle": story(
        encounter("a", part_of="b", **FEBRUARY), encounter("b", "q", part_of="a", **FEBRUARY), patient("q")
    ),
    "own-listed": story(
        encounter("a", diagnoses=[diagnosis("c", poa="N"), diagnosis("d", rank=2)], **FEBRUARY),
        encounter("b", "q", diagnoses=[diagnosis("c")], **FEBRUARY),
        condition("c", SEPSIS, "a", patient_id="q", onset="2025-02-04"),
        condition("d", HEART_FAILURE, "b", onset="2025-02-04"),
        patient("q"),
    ),
    "own-late-diagnosis": story(  # seen only after the cut of the tests of as_of
        encounter("a", **FEBRUARY),
        condition("c", SCHIZOPHRENIA, "a", patient_id=None, recorded="2025-03-20"),
    ),
}


def test_a_return_of_the_replaced_patient_is_a_readmission(decided: dict[str, Row]) -> None:
    assert decided["own-merged.a"].readmission_30_day.numerator
    assert not decided["own-not-merged.a"].readmission_30_day.numerator


def test_an_infection_of_a_replaced_patient_belongs_to_the_survivors_stay(infections: dict[str, Row]) -> None:
    assert infections["own-merged.early"].stay_id == "own-merged.a"
    assert infections["own-merged.late"].stay_id == "own-merged.b"
    assert infections["own-merged.late"].patient_id == "own-merged.p"


def test_an_infection_on_another_patients_segment_is_none_of_the_stay(infections: dict[str, Row]) -> None:
    assert "own-segment.c" not in infections
    assert "own-segment.d" not in infections


def test_a_diagnosis_that_names_no_patient_is_that_of_the_encounter_it_names(decided: dict[str, Row]) -> None:
    assert decided["own-late-diagnosis.a"].readmission_30_day.exclusion == "psychiatric"


@pytest.fixture(scope="module")
def apart(lake: Lake) -> Lake:
    """Return the lake of the stories with several patients, each patient's records in a source of their own."""
    linked = lake.silver.patient.filter("is_live AND replaced_by_id IS NOT NULL")
    family = families({row.id: row.replaced_by_id for row in linked.collect()})
    parts = [
        records(*resources, source=f"s{number}")
        for number, resources in enumerate(sources(lake.resources, family))
    ]
    split = Lake([])
    split.silver = silver_of(pa.concat_tables(parts))
    return split


def families(links: dict[str, str]) -> Callable[[str], str]:
    """Return a function that names the family of a patient: all who are linked in any direction."""
    above: dict[str, str] = {}

    def family(person: str) -> str:
        return family(above[person]) if person in above else person

    for one, other in links.items():
        if family(one) != family(other):
            above[family(one)] = family(other)
    return family


def sources(resources: list[Resource], family: Callable[[str], str]) -> list[list[Resource]]:
    """Return the resources by the number of their patient within the story; those that name none are in all."""
    found: dict[str, dict[str, list[Resource]]] = {}
    for one in resources:
        if "." in one["id"]:
            of_story = found.setdefault(one["id"].split(".")[0], {})
            of_story.setdefault(family(person_of(one)), []).append(one)
    shared = {name: people.pop("", []) for name, people in found.items()}
    several = {name: list(people.values()) for name, people in found.items() if len(people) > 1}
    numbered: list[list[Resource]] = [[] for _ in range(max(map(len, several.values())))]
    for name, people in several.items():
        for number, part in enumerate(people):
            numbered[number] += [*part, *shared[name]]
    return numbered


def person_of(resource: Resource) -> str:
    """Return the patient; a stay of nobody is alone, a condition of nobody may be anybody's."""
    if resource["resourceType"] == "Patient":
        return str(resource["id"])
    named = str(resource.get("subject", {}).get("reference", "")).removeprefix("Patient/")
    return named or (resource["id"] if resource["resourceType"] == "Encounter" else "")


def plain(value: Any) -> Any:
    """Return a row without the source, which is all that may differ."""
    if isinstance(value, Row):
        value = value.asDict()
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items() if key != "source"}
    return [plain(one) for one in value] if isinstance(value, list) else value


def pairs(apart: Lake, lake: Lake) -> Iterator[tuple[str, tuple[str, ...], Rows, Rows]]:
    yield "silver.stay", ("id",), apart.silver.stay, lake.silver.stay
    event = ("stay_id", "condition_id", "profile")
    yield "gold.infection_event", event, apart.events, lake.events
    yield "gold.stay_measure", ("stay_id", "profile"), apart.stay_measure, lake.stay_measure


def test_without_the_records_of_others_every_row_is_the_same(apart: Lake, lake: Lake) -> None:
    stories = {row.id.split(".")[0] for rows in apart.silver[:2] for row in rows.collect()}
    assert {"own-merged", "own-segment", "own-listed"} <= stories
    for table, key, alone, together in pairs(apart, lake):
        found = {tuple(row[name] for name in key): plain(row) for row in alone.collect()}
        expected = {
            tuple(row[name] for name in key): plain(row)
            for row in together.collect()
            if row[key[0]].split(".")[0] in stories
        }
        assert found == expected, table
        assert len(found) == alone.count() > 5, table
