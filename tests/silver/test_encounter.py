"""silver.encounter: what kind of visit, where, when, how it ended, and what is wrong with it."""

from datetime import date

from pyspark.sql import Row
from tests.support.builders import (
    DISPOSITION,
    NUBC,
    POA_SYSTEM,
    POA_URL,
    SNOMED,
    concept,
    condition,
    diagnosis,
    encounter,
    silver,
    story,
    utc,
)

from metriccare.definitions.sources import Sources

LOCAL_CLASS = {"system": "urn:local", "code": "INPT"}
HOSPITAL_ADMISSION = [concept(SNOMED, "32485007")]


def ended(*codings: tuple[str, str]) -> dict[str, object]:
    return {"coding": [{"system": system, "code": code} for system, code in codings]}


CLASSES = ("IMP", "ACUTE", "NONAC", "OBSENC", "SS", "EMER", "AMB", "HH", "VR", "PRENC", "FLD")
DISPOSITIONS = {
    "hl7": ended((DISPOSITION, "aadvice")),
    "nubc": ended((NUBC, "1")),
    "snomed": ended((SNOMED, "371828006")),
    "first-that-maps": ended(("urn:local", "x"), (DISPOSITION, "hosp"), (NUBC, "01")),
    "expired-wins": ended((NUBC, "01"), (NUBC, "02"), (NUBC, "07"), (NUBC, "20")),
    "against-advice-wins": ended((NUBC, "02"), (NUBC, "01"), (NUBC, "07")),
    "transfer-wins": ended((NUBC, "01"), (NUBC, "02")),
    "unmapped": ended(("urn:local", "x")),
    "other": ended((DISPOSITION, "oth")),
    "only-text": {"text": "went home"},
}
OTHER_EXTENSION = {"url": f"{POA_URL}-other", "valueCodeableConcept": concept(POA_SYSTEM, "Y")}
START, END = "2025-03-01T23:50:00-05:00", "2025-03-05T10:00:00-05:00"

STORIES = {
    "visit": story(
        encounter(
            "whole",
            start=START,
            end=END,
            serviceProvider={"reference": "Organization?identifier=urn:s|H1", "display": "First Hospital"},
            priority=concept("urn:p", "EL"),
            type=HOSPITAL_ADMISSION,
            reasonCode=[concept(SNOMED, "84114007")],
            hospitalization={
                "admitSource": concept("urn:a", "gp"),
                "reAdmission": concept("urn:r", "R"),
                "dischargeDisposition": concept(DISPOSITION, "home"),
            },
        ),
        encounter("bare", None, hospital=None),
        encounter("partial", start="2025-03", end="2025-03-05"),
        encounter("no-offset", start="2025-03-01T08:00:00", end=END),
        encounter("date-only", start="2025-03-01", end=END),
        encounter("reversed", start=END, end=START),
        encounter("error", start=START, end=END, status="entered-in-error"),
        encounter("cancelled", start=START, end=END, status="cancelled"),
        *(encounter(f"class-{code}", kind=code) for code in CLASSES),
        encounter("class-local", **{"class": LOCAL_CLASS}),
        encounter("class-by-type", type=HOSPITAL_ADMISSION, **{"class": LOCAL_CLASS}),
        encounter("class-before-type", kind="AMB", type=HOSPITAL_ADMISSION),
        encounter("class-other-system", **{"class": {"system": "urn:local", "code": "IMP"}}),
        *(encounter(f"end-{name}", disposition=how) for name, how in DISPOSITIONS.items()),
        encounter("end-none"),
        encounter(
            "diagnoses",
            diagnosis=[
                diagnosis("c1", rank=2, use="DD", poa="Y"),
                {"condition": {"reference": "urn:uuid:c2"}},
                diagnosis("c3", rank=None, poa="n"),
                {
                    **diagnosis("c4"),
                    "extension": [
                        {"url": f"{POA_URL}X", **{"valueCodeableConcept": concept(POA_SYSTEM, "Y")}}
                    ],
                },
            ],
        ),
        condition("c1", "84114007"),
    )
}


def visit(encounters: dict[str, Row], name: str) -> Row:
    return encounters[f"visit.{name}"]


def test_an_encounter_has_its_patient_place_and_time(encounters: dict[str, Row]) -> None:
    row = visit(encounters, "whole")
    assert (row.patient_id, row.hospital_id, row.hospital_display) == ("visit.p", "H1", "First Hospital")
    assert (row.period_start, row.period_end) == (START, END)
    assert (row.period_start_date, row.period_end_date) == (date(2025, 3, 1), date(2025, 3, 5))
    assert (utc(row.period_start_at), utc(row.period_end_at)) == (
        "2025-03-02T04:50:00Z",
        "2025-03-05T15:00:00Z",
    )
    assert (row.has_times, row.is_live, row.quality_flags) == (True, True, [])


def test_an_encounter_has_its_codes(encounters: dict[str, Row]) -> None:
    row = visit(encounters, "whole")
    assert (row.priority_code, row.admit_source_code, row.re_admission_code) == ("EL", "gp", "R")
    assert (row.disposition_code, row.disposition_class) == ("home", "home")
    assert [one.code for one in row.types] == ["32485007"]
    assert [one.code for one in row.reasons] == ["84114007"]


def test_what_is_missing_is_flagged(encounters: dict[str, Row]) -> None:
    row = visit(encounters, "bare")
    assert row.quality_flags == ["patient_missing", "hospital_missing", "period_start_missing"]
    assert (row.types, row.reasons, row.diagnoses) == ([], [], [])


def test_a_partial_period_is_no_date_and_flagged(encounters: dict[str, Row]) -> None:
    row = visit(encounters, "partial")
    assert (row.period_start_date, row.period_end_date) == (None, date(2025, 3, 5))
    assert "period_partial" in row.quality_flags


def test_a_time_without_offset_is_taken_and_flagged(encounters: dict[str, Row]) -> None:
    row = visit(encounters, "no-offset")
    assert row.period_start_date == date(2025, 3, 1)
    assert row.quality_flags == ["period_without_offset"]


def test_times_are_known_only_where_start_and_end_have_one(encounters: dict[str, Row]) -> None:
    assert not visit(encounters, "date-only").has_times
    assert not visit(encounters, "bare").has_times


def test_a_reversed_period_is_flagged(encounters: dict[str, Row]) -> None:
    assert visit(encounters, "reversed").quality_flags == ["period_reversed"]


def test_an_encounter_entered_in_error_is_not_live_and_a_cancelled_one_is(encounters: dict[str, Row]) -> None:
    assert not visit(encounters, "error").is_live
    assert visit(encounters, "cancelled").is_live


def test_the_class_decides_what_kind_of_visit_it_is(encounters: dict[str, Row]) -> None:
    kinds = {code: visit(encounters, f"class-{code}").class_kind for code in CLASSES}
    inpatient = {"IMP": "acute_inpatient", "ACUTE": "acute_inpatient", "NONAC": "nonacute_inpatient"}
    assert kinds == dict.fromkeys(CLASSES, "not_inpatient") | inpatient


def test_the_type_decides_only_where_no_map_knows_the_class(encounters: dict[str, Row]) -> None:
    assert visit(encounters, "class-by-type").class_kind == "acute_inpatient"
    assert visit(encounters, "class-before-type").class_kind == "not_inpatient"


def test_a_class_of_another_system_is_unmapped_and_flagged(encounters: dict[str, Row]) -> None:
    for name in ("class-local", "class-other-system"):
        assert visit(encounters, name).class_kind is None
        assert "class_unmapped" in visit(encounters, name).quality_flags
    assert "class_unmapped" not in visit(encounters, "class-AMB").quality_flags


def disposition(encounters: dict[str, Row], name: str) -> str | None:
    return visit(encounters, f"end-{name}").disposition_class


def test_dispositions_of_three_code_systems_are_mapped(encounters: dict[str, Row]) -> None:
    found = [disposition(encounters, name) for name in ("hl7", "nubc", "snomed")]
    assert found == ["left_against_medical_advice", "home", "expired"]


def test_the_first_disposition_that_maps_wins(encounters: dict[str, Row]) -> None:
    assert disposition(encounters, "first-that-maps") == "hospice"


def test_conflicting_dispositions_are_expired_before_against_advice_before_transfer(
    encounters: dict[str, Row],
) -> None:
    names = ("expired-wins", "against-advice-wins", "transfer-wins")
    found = [disposition(encounters, name) for name in names]
    assert found == ["expired", "left_against_medical_advice", "acute_transfer"]
    assert all("disposition_conflict" in visit(encounters, f"end-{name}").quality_flags for name in names)


def test_an_unmapped_disposition_is_unknown_and_flagged(encounters: dict[str, Row]) -> None:
    assert [disposition(encounters, name) for name in ("unmapped", "other")] == ["unknown", "unknown"]
    assert "disposition_unmapped" in visit(encounters, "end-unmapped").quality_flags


def test_without_a_disposition_there_is_no_class_and_words_are_one_that_no_map_knows(
    encounters: dict[str, Row],
) -> None:
    assert [disposition(encounters, name) for name in ("none", "only-text")] == [None, "unknown"]
    assert visit(encounters, "end-only-text").disposition_code == "went home"


def test_the_diagnoses_keep_rank_use_and_the_present_on_admission_indicator(
    encounters: dict[str, Row],
) -> None:
    found = [tuple(one) for one in visit(encounters, "diagnoses").diagnoses]
    assert found == [
        ("visit.c1", 2, "DD", "Y"),
        ("c2", None, None, None),
        ("visit.c3", None, None, "N"),
        ("visit.c4", 1, None, None),
    ]


def test_a_configured_zone_decides_the_dates_of_a_period() -> None:
    visited = encounter("a", start="2025-03-01T23:30:00Z", end="2025-03-05T22:30:00Z")
    row = silver([visited], Sources(timezone="Europe/Berlin")).encounter.collect()[0]
    assert (row.period_start_date, row.period_end_date) == (date(2025, 3, 2), date(2025, 3, 5))
    assert utc(row.period_start_at) == "2025-03-01T23:30:00Z"
