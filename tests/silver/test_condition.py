"""silver.condition: which diagnosis, of which encounter, since when (MEASURES 3.1.3, 3.3)."""

from datetime import date

from pyspark.sql import Row
from tests.support.builders import SEPSIS, SNOMED, condition, story

STORIES = {
    "diagnosis": story(
        condition("whole", SEPSIS, "e", onset="2025-03-04T23:50:00-05:00", recorded="2025-03-05"),
        condition("recorded-first", SEPSIS, "e", onset="2025-03-05", recorded="2025-03-04"),
        condition("period", SEPSIS, "e", onsetPeriod={"start": "2025-03-04", "end": "2025-03-09"}),
        condition("recorded-only", SEPSIS, "e", recorded="2025-03-04"),
        condition("partial", SEPSIS, "e", onset="2025-03", recorded="2025-03-06"),
        condition("onset-age", SEPSIS, "e", onsetAge={"value": 50, "unit": "a"}),
        condition("onset-text", SEPSIS, "e", onsetString="last week"),
        condition("ended-early", SEPSIS, "e", onset="2025-03-04", abatementDateTime="2025-03-03"),
        condition("unlinked", SEPSIS),
        condition("error", SEPSIS, "e", verification="entered-in-error"),
        condition("refuted", SEPSIS, "e", verification="refuted"),
        condition("no-code", None, "e"),
        condition("two-codes", {"coding": [{"system": "urn:x", "code": "y"}, {"code": SEPSIS}]}, "e"),
    )
}


def one(conditions: dict[str, Row], name: str) -> Row:
    return conditions[f"diagnosis.{name}"]


def test_a_condition_has_its_patient_encounter_code_and_dates(conditions: dict[str, Row]) -> None:
    row = one(conditions, "whole")
    assert (row.patient_id, row.encounter_id) == ("diagnosis.p", "diagnosis.e")
    assert [(coding.system, coding.code) for coding in row.codings] == [(SNOMED, SEPSIS)]
    assert (row.onset_date, row.recorded_date, row.event_date) == (
        date(2025, 3, 4),
        date(2025, 3, 5),
        date(2025, 3, 4),
    )
    assert (row.category_codes, row.verification_status) == (["encounter-diagnosis"], None)
    assert (row.is_live, row.quality_flags) == (True, [])


def test_the_event_date_is_the_earlier_of_onset_and_recorded(conditions: dict[str, Row]) -> None:
    row = one(conditions, "recorded-first")
    assert row.event_date == date(2025, 3, 4)
    assert row.quality_flags == ["recorded_before_onset"]


def test_the_start_of_an_onset_period_is_the_onset(conditions: dict[str, Row]) -> None:
    assert one(conditions, "period").onset_date == date(2025, 3, 4)


def test_without_a_usable_onset_the_recorded_date_is_the_event_date(conditions: dict[str, Row]) -> None:
    assert one(conditions, "recorded-only").event_date == date(2025, 3, 4)
    row = one(conditions, "partial")
    assert (row.onset_date, row.event_date, row.quality_flags) == (None, date(2025, 3, 6), ["onset_partial"])


def test_an_age_or_a_text_is_no_onset(conditions: dict[str, Row]) -> None:
    assert [one(conditions, name).event_date for name in ("onset-age", "onset-text")] == [None, None]


def test_an_abatement_before_the_onset_is_flagged(conditions: dict[str, Row]) -> None:
    assert one(conditions, "ended-early").quality_flags == ["abatement_before_onset"]


def test_a_condition_without_encounter_is_flagged(conditions: dict[str, Row]) -> None:
    assert one(conditions, "unlinked").encounter_id is None
    assert one(conditions, "unlinked").quality_flags == ["encounter_missing"]


def test_a_condition_entered_in_error_is_not_live_and_a_refuted_one_is(conditions: dict[str, Row]) -> None:
    assert not one(conditions, "error").is_live
    assert one(conditions, "refuted").is_live
    assert one(conditions, "refuted").verification_status == "refuted"


def test_all_codings_are_kept(conditions: dict[str, Row]) -> None:
    assert [coding.code for coding in one(conditions, "two-codes").codings] == ["y", SEPSIS]
    assert one(conditions, "no-code").codings == []
