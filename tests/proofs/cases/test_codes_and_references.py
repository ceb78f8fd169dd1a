"""Codes and references as feeds write them; each test is named by its case."""

from tests.proofs.cases.case import Case

DEATH, MONTH_DEATH = "mortality_in_hospital", "mortality_30_day"
AGAIN, DAYS = "readmission_30_day", "length_of_stay_billing"


def test_b02_ndjson_with_urn_references() -> None:
    assert Case("b02").infections == {"b02-c": "hospital_onset"}


def test_b04_the_system_of_a_class_is_a_page() -> None:
    case = Case("b04")
    assert case.stays == {}
    assert case.unmapped == ["IMP"]


def test_b05_resources_of_r5_are_refused_with_their_version_named() -> None:
    case = Case("b05")
    assert case.quarantined == {"wrong_type": 1}
    assert "R5" in case.reasons


def test_b09_a_disposition_of_which_only_the_absence_is_told() -> None:
    case = Case("b09")
    assert case.outcome(DEATH, "hal-1") is False
    assert case.unmapped == []


def test_b10_a_disposition_in_words() -> None:
    case = Case("b10")
    assert case.outcome(DEATH, "ida-1") == "death_date_unknown"
    assert case.unmapped == ["Expired"]
    assert "no discharge dispositions" not in case.findings
    assert "not mapped" in case.findings


def test_b11_the_disposition_has_the_system_of_stu3() -> None:
    assert Case("b11").unmapped == ["exp"]


def test_b13_dispositions_of_one_digit_and_of_an_oid() -> None:
    case = Case("b13")
    assert case.outcome(AGAIN, "lou-ama") == "left_against_medical_advice"
    assert case.unmapped == ["20"]


def test_b14_references_with_versions() -> None:
    assert Case("b14").infections == {"mo-c": "hospital_onset"}


def test_b16_a_subject_by_identifier_is_nobody() -> None:
    case = Case("b16")
    assert case.outcome(DAYS, "ola-1") == "patient_unknown"
    assert "Encounter.subject" in case.findings


def test_b18_the_stay_of_a_group_is_not_that_of_a_patient_with_its_id() -> None:
    case = Case("b18")
    assert case.outcome(DAYS, "grp-1") == "patient_unknown"
    assert case.outcome(DAYS, "grp-2") is True


def test_b20_a_patient_is_not_replaced_by_a_relative() -> None:
    case = Case("b20")
    assert case.stays["rob-1"]["patient_id"] == "rob"
    assert case.outcome(DAYS, "rob-1") is True


def test_b22_ids_longer_than_fhir_allows() -> None:
    assert len(Case("b22").stays) == 3


def test_b24_any_coding_says_that_a_condition_is_an_error() -> None:
    assert Case("b24").infections == {}


def test_b26_snomed_ct_under_other_names_is_told() -> None:
    case = Case("b26")
    assert case.infections == {}
    assert "no SNOMED CT code" in case.findings


def test_b50_no_class_becomes_an_inpatient_by_guessing() -> None:
    case = Case("b50")
    assert list(case.stays) == ["ray-type"]
    assert case.unmapped == ["(none)", "I", "IMP", "IMP", "IMP ", "imp"]


def test_b51_fields_of_another_type_are_refused() -> None:
    case = Case("b51")
    assert case.quarantined == {"wrong_type": 2}
    assert "Encounter.reasonCode must be a list" in case.reasons


def test_b64_any_coding_says_that_it_is_an_infection() -> None:
    assert Case("b64").infections == {"mix-c": "hospital_onset"}


def test_n10_a_refuted_condition_takes_nothing_out() -> None:
    case = Case("n10")
    assert case.infections == {"ref-c": "not_confirmed"}
    assert case.outcome(AGAIN, "ref-1") is False


def test_n13_any_coding_says_that_it_was_present_on_admission() -> None:
    assert Case("n13").infections == {"poa-c": "present_on_admission"}
