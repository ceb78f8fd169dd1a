"""silver.patient: who was born when and died when; what is not precise to the day is no date."""

from datetime import date

from pyspark.sql import Row
from tests.support.builders import patient, story

HTEST = {"system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": "HTEST"}
SEE_ALSO, REPLACED = (
    {"type": kind, "other": {"reference": "Patient/q"}} for kind in ("seealso", "replaced-by")
)

STORIES = {
    "patient-alive": story(of=patient(born="1960-05-17", deceasedBoolean=False)),
    "patient-died": story(of=patient(died="2025-03-01T23:30:00-05:00")),
    "patient-dead-sometime": story(of=patient(deceasedBoolean=True)),
    "patient-partial": story(of=patient(born="1960-05", died="2025")),
    "patient-nothing": story(of=patient(born=None, gender=None)),
    "patient-replaced": story(of=patient(link=[SEE_ALSO, REPLACED])),
    "patient-see-also": story(of=patient(link=[SEE_ALSO])),
    "patient-test": story(of=patient(meta={"tag": [{"system": "urn:x", "code": "HTEST"}, HTEST]})),
    "patient-other-tag": story(of=patient(meta={"tag": [{"system": "urn:x", "code": "HTEST"}]})),
    "patient-odd": story(of=patient(gender="male", maritalStatus="no object, and not read")),
}


def row_of(patients: dict[str, Row], name: str) -> Row:
    return patients[f"patient-{name}.p"]


def test_a_patient_has_dates_sex_and_no_flags(patients: dict[str, Row]) -> None:
    row = row_of(patients, "alive")
    assert (row.birth_date, row.gender, row.quality_flags) == (date(1960, 5, 17), "female", [])
    assert (row.is_live, row.is_deceased, row.death_date) == (True, False, None)


def test_the_death_date_is_the_day_as_written(patients: dict[str, Row]) -> None:
    row = row_of(patients, "died")
    assert (row.is_deceased, row.death_date) == (True, date(2025, 3, 1))
    assert row.death_date_text == "2025-03-01T23:30:00-05:00"


def test_a_death_without_date_is_known_as_a_death(patients: dict[str, Row]) -> None:
    row = row_of(patients, "dead-sometime")
    assert (row.is_deceased, row.death_date) == (True, None)


def test_partial_dates_are_no_dates_and_flagged(patients: dict[str, Row]) -> None:
    row = row_of(patients, "partial")
    assert (row.birth_date, row.birth_date_text) == (None, "1960-05")
    assert (row.death_date, row.death_date_text, row.is_deceased) == (None, "2025", True)
    assert row.quality_flags == ["birth_date_partial", "death_date_partial"]


def test_a_missing_birth_date_is_flagged(patients: dict[str, Row]) -> None:
    row = row_of(patients, "nothing")
    assert (row.birth_date, row.gender, row.quality_flags) == (None, None, ["birth_date_missing"])


def test_only_a_replaced_by_link_replaces(patients: dict[str, Row]) -> None:
    assert row_of(patients, "replaced").replaced_by_id == "patient-replaced.q"
    assert row_of(patients, "see-also").replaced_by_id is None


def test_test_data_are_known_by_their_tag_and_its_system(patients: dict[str, Row]) -> None:
    assert row_of(patients, "test").is_synthetic
    assert not row_of(patients, "other-tag").is_synthetic
    assert not row_of(patients, "alive").is_synthetic


def test_a_field_that_is_not_read_may_be_of_any_type(patients: dict[str, Row]) -> None:
    row = row_of(patients, "odd")
    assert (row.gender, row.birth_date, row.replaced_by_id) == ("male", date(1960, 5, 17), None)
