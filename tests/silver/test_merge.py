"""Patients that are replaced by others are one with their final survivor; who is in a cycle stays alone."""

import pyarrow as pa
from pyspark.sql import Row
from tests.support.builders import (
    ASTHMA,
    HEART_FAILURE,
    Resource,
    condition,
    diagnosis,
    encounter,
    ids_of,
    patient,
    story,
)

from metriccare.engine.schema import arrow_schema
from metriccare.silver import LINKED, survivors

MARCH = {"start": "2025-03-01", "end": "2025-03-05"}
APRIL = {"start": "2025-04-01", "end": "2025-04-05"}


def replaced(id: str, *by: str, kind: str = "replaced-by", **fields: str | None) -> Resource:
    """Return a patient with a link to each of `by`."""
    links = [{"type": kind, "other": {"reference": f"Patient/{other}"}} for other in by]
    return patient(id, link=links, **fields)


def two_stays(*people: Resource) -> list[Resource]:
    """Return a story of a stay of p and one of q."""
    return story(encounter("a", **MARCH), encounter("b", "q", **APRIL), *people)


STORIES = {
    "merge-two": two_stays(replaced("q", "p", born="1990-01-01", died="2025-04-02")),
    "merge-chain": two_stays(replaced("q", "r"), replaced("r", "s"), replaced("s", "p")),
    "merge-see-also": two_stays(replaced("q", "p", kind="seealso")),
    "merge-refer": two_stays(replaced("q", "p", kind="refer")),
    "merge-replaces": two_stays(replaced("q", "p", kind="replaces")),
    "merge-unknown": two_stays(replaced("q", "nowhere")),
    "merge-several": two_stays(replaced("q", "z", "p"), patient("z")),
    "merge-itself": two_stays(replaced("q", "q")),
    "merge-cycle": story(
        encounter("a", **MARCH),
        encounter("b", "q", **APRIL),
        encounter("c", "r", **APRIL),
        replaced("q", "p"),
        replaced("r", "q"),
        of=replaced("p", "q"),
    ),
    "merge-overlap": story(
        encounter("a", **MARCH), encounter("b", "q", start="2025-03-03", end="2025-03-09"), replaced("q", "p")
    ),
    "merge-transfer": story(
        encounter("a", **MARCH),
        encounter("b", "q", hospital="H2", start="2025-03-05", end="2025-03-09"),
        replaced("q", "p"),
    ),
    "merge-segment": story(
        encounter("a", **MARCH), encounter("leg", "q", part_of="a", **MARCH), replaced("q", "p")
    ),
    "merge-diagnosis": story(
        encounter("a", diagnoses=[diagnosis("listed")], **MARCH),
        encounter("b", **APRIL),
        condition("listed", HEART_FAILURE, patient_id="q"),
        condition("own", ASTHMA, "b", patient_id="q"),
        replaced("q", "p"),
    ),
}


def patients_of(stays: dict[str, Row], name: str) -> dict[str, str]:
    """Return the short id of the patient by that of the stay."""
    return {id: stays[f"{name}.{id}"].patient_id.removeprefix(f"{name}.") for id in ids_of(stays, name)}


def flags_of(stays: dict[str, Row], name: str) -> dict[str, list[str]]:
    return {id: stays[f"{name}.{id}"].quality_flags for id in ids_of(stays, name)}


def test_the_stays_of_a_replaced_patient_are_the_survivors_and_say_so(stays: dict[str, Row]) -> None:
    assert patients_of(stays, "merge-two") == {"a": "p", "b": "p"}
    assert flags_of(stays, "merge-two") == {"a": [], "b": ["patient_merged"]}


def test_birth_and_death_are_those_of_the_survivor(stays: dict[str, Row]) -> None:
    row = stays["merge-two.b"]
    assert (row.age, row.is_deceased, row.death_date, row.is_patient_known) == (64, False, None, True)


def test_a_chain_is_followed_to_its_end(stays: dict[str, Row]) -> None:
    assert patients_of(stays, "merge-chain") == {"a": "p", "b": "p"}


def test_no_other_link_replaces(stays: dict[str, Row]) -> None:
    for name in ("merge-see-also", "merge-refer", "merge-replaces"):
        assert patients_of(stays, name) == {"a": "p", "b": "q"}
        assert flags_of(stays, name) == {"a": [], "b": []}


def test_a_survivor_that_nobody_knows_is_one_all_the_same(stays: dict[str, Row]) -> None:
    assert patients_of(stays, "merge-unknown") == {"a": "p", "b": "nowhere"}
    assert not stays["merge-unknown.b"].is_patient_known


def test_of_several_survivors_the_first_by_the_alphabet_is_taken(
    stays: dict[str, Row], patients: dict[str, Row]
) -> None:
    assert patients_of(stays, "merge-several") == {"a": "p", "b": "p"}
    assert patients["merge-several.q"].quality_flags == ["replaced_by_several"]


def test_who_is_in_a_cycle_or_leads_into_one_stays_alone_and_is_flagged(stays: dict[str, Row]) -> None:
    assert patients_of(stays, "merge-itself") == {"a": "p", "b": "q"}
    assert flags_of(stays, "merge-itself") == {"a": [], "b": ["patient_link_cycle"]}
    assert patients_of(stays, "merge-cycle") == {"a": "p", "b": "q", "c": "r"}
    assert flags_of(stays, "merge-cycle") == {id: ["patient_link_cycle"] for id in "abc"}


def test_merged_patients_overlap_transfer_and_have_segments_as_one_does(stays: dict[str, Row]) -> None:
    assert stays["merge-overlap.a"].encounter_ids == ["merge-overlap.a", "merge-overlap.b"]
    assert stays["merge-overlap.a"].quality_flags == ["patient_merged"]
    assert stays["merge-transfer.a"].chain_length == 2
    assert stays["merge-segment.a"].encounter_ids == ["merge-segment.a", "merge-segment.leg"]


def test_a_diagnosis_of_the_replaced_patient_is_the_survivors(stays: dict[str, Row]) -> None:
    assert stays["merge-diagnosis.a"].principal_diagnosis.code == HEART_FAILURE
    assert stays["merge-diagnosis.b"].principal_diagnosis.code == ASTHMA


def test_without_a_link_of_a_live_patient_nobody_has_a_survivor() -> None:
    people = [("p", True, None), ("q", False, "p")]
    rows = [{"source": "s", "id": id, "is_live": live, "replaced_by_id": by} for id, live, by in people]
    assert survivors(pa.Table.from_pylist(rows, arrow_schema(LINKED))).num_rows == 0
