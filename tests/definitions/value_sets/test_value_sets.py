"""The code lists are well formed, sourced, and hold MEASURES' trap codes where they belong."""

import csv
from importlib import resources

import pytest

from metriccare.definitions.value_sets import Code, load, names
from metriccare.errors import MetricCareError, ParameterError

SNOMED = "http://snomed.info/sct"
ICD_10_CM = "http://hl7.org/fhir/sid/icd-10-cm"
FHIR_R4_CONCRETE_RESOURCE_TYPES = 146

CATEGORIES = {
    "encounter_class": {"acute_inpatient", "nonacute_inpatient", "not_inpatient"},
    "encounter_type": {"acute_inpatient"},
    "discharge_disposition": {
        "expired",
        "left_against_medical_advice",
        "acute_transfer",
        "hospice",
        "post_acute",
        "home",
        "unknown",
    },
    "modifier_extension": {"harmless"},
    "infection": {"bloodstream", "uti", "pneumonia", "ssi", "cdi", "mrsa", "viral", "other"},
    "index_exclusion_diagnosis": {"psychiatric", "rehabilitation", "cancer_treatment"},
    "planned_diagnosis": {"maintenance_chemotherapy", "rehabilitation", "delivery", "transplant"},
    "condition_category": {"encounter", "problem"},
    "condition_clinical": {"active", "inactive"},
    "condition_verification": {"accepted", "unconfirmed", "refuted"},
    "admit_source": {"hospice"},
    "covid_19": {"covid_19"},
    "diagnosis_role": {"principal"},
    "elective_admission": {"elective"},
    "encounter_status": {"not_yet", "open", "closed", "closed_if_dated", "never"},
    "preceding_visit": {"emergency", "observation"},
    "present_on_admission": {"present", "not_present"},
    "resource_type": {"measured", "other"},
}
INFECTION_RULES = {"date", "hospital_onset", "never", "exclude"}
EMPTY = {"modifier_extension"}  # for a hospital to fill

each_set = pytest.mark.parametrize("name", sorted(CATEGORIES))

VERHOEFF_PRODUCT = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
    (1, 2, 3, 4, 0, 6, 7, 8, 9, 5),
    (2, 3, 4, 0, 1, 7, 8, 9, 5, 6),
    (3, 4, 0, 1, 2, 8, 9, 5, 6, 7),
    (4, 0, 1, 2, 3, 9, 5, 6, 7, 8),
    (5, 9, 8, 7, 6, 0, 4, 3, 2, 1),
    (6, 5, 9, 8, 7, 1, 0, 4, 3, 2),
    (7, 6, 5, 9, 8, 2, 1, 0, 4, 3),
    (8, 7, 6, 5, 9, 3, 2, 1, 0, 4),
    (9, 8, 7, 6, 5, 4, 3, 2, 1, 0),
)
VERHOEFF_STEP = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)


def passes_verhoeff(code: str) -> bool:
    check = 0
    for position, character in enumerate(reversed(code)):
        digit = int(character)
        for _ in range(position % 8):
            digit = VERHOEFF_STEP[digit]
        check = VERHOEFF_PRODUCT[check][digit]
    return check == 0


def by_code(name: str, system: str = SNOMED) -> dict[str, Code]:
    return {row.code: row for row in load(name) if row.system == system}


def test_the_package_holds_exactly_the_sets_the_rules_name():
    assert set(names()) == set(CATEGORIES)


def test_the_check_digit_test_itself_catches_a_changed_digit_and_a_swap():
    assert passes_verhoeff("91302008")
    assert not passes_verhoeff("91302009")
    assert not passes_verhoeff("93102008")


@each_set
def test_every_snomed_code_passes_the_check_digit(name):
    assert [code for code in by_code(name) if not passes_verhoeff(code)] == []


@each_set
def test_a_code_stands_once_in_a_set(name):
    keys = [(row.system, row.code) for row in load(name)]
    assert len(keys) == len(set(keys))
    assert bool(keys) == (name not in EMPTY)


@each_set
def test_every_row_is_complete_and_of_an_allowed_category(name):
    for row in load(name):
        assert all((row.system, row.code, row.display, row.source, row.version)), row
        assert row.category in CATEGORIES[name], row
        assert row == Code(*(value.strip() for value in vars(row).values())), row


@each_set
def test_no_category_is_empty(name):
    assert {row.category for row in load(name)} == (set() if name in EMPTY else CATEGORIES[name])


def test_only_infection_has_rules_and_they_are_the_allowed_ones():
    assert {row.rule for row in load("infection")} == INFECTION_RULES
    assert {row.rule for name in CATEGORIES if name != "infection" for row in load(name)} == {""}


@each_set
def test_the_file_is_read_from_the_package_with_the_columns_of_the_rules(name):
    text = (
        resources.files("metriccare.definitions.value_sets")
        .joinpath(f"{name}.csv")
        .read_text(encoding="utf-8")
    )
    rule = ["rule"] if name == "infection" else []
    reader = csv.DictReader(text.splitlines())
    assert reader.fieldnames == ["system", "code", "display", "category", *rule, "source", "version"]
    assert [row["code"] for row in reader] == [row.code for row in load(name)]


def test_a_set_is_read_once():
    assert load("infection") is load("infection")


def test_an_unknown_set_is_an_error_that_names_the_known_ones():
    with pytest.raises(ParameterError, match=r"'infections'.*discharge_disposition.*infection") as raised:
        load("infections")
    assert isinstance(raised.value, MetricCareError)


@pytest.mark.parametrize(
    ("code", "category", "rule"),
    [
        ("840544004", "viral", "exclude"),  # suspected COVID-19
        ("385093006", "pneumonia", "never"),  # community acquired pneumonia
        ("429271009", "pneumonia", "hospital_onset"),  # ventilator-acquired pneumonia
        ("736152001", "bloodstream", "hospital_onset"),  # central line
        ("700372006", "uti", "hospital_onset"),  # catheter
        ("698819004", "bloodstream", "hospital_onset"),  # postoperative sepsis
        ("433202001", "ssi", "hospital_onset"),
        ("770349000", "bloodstream", "date"),  # viral sepsis is a sepsis
        ("448812000", "mrsa", "date"),  # sepsis due to MRSA is an MRSA infection
        ("124691000119101", "mrsa", "date"),
        ("840539006", "viral", "date"),
        ("233604007", "pneumonia", "date"),
    ],
)
def test_a_trap_code_has_its_type_and_rule(code, category, rule):
    row = by_code("infection")[code]
    assert (row.category, row.rule) == (category, rule)


def test_every_surgical_site_infection_is_setting_specific():
    assert {row.rule for row in load("infection") if row.category == "ssi"} == {"hospital_onset"}


def test_a_code_nobody_verified_is_absent():
    assert "19168005" not in by_code("infection")


def test_nubc_codes_have_two_digits():
    codes = by_code("discharge_disposition", "http://www.nubc.org/patient-discharge")
    assert [code for code in codes if len(code) != 2 or not code.isdigit()] == []
    assert (codes["02"].category, codes["07"].category, codes["20"].category) == (
        "acute_transfer",
        "left_against_medical_advice",
        "expired",
    )


def test_icd_10_cm_codes_are_written_with_their_dot():
    codes = {**by_code("index_exclusion_diagnosis", ICD_10_CM), **by_code("planned_diagnosis", ICD_10_CM)}
    assert [code for code in codes if len(code) > 3 and code[3] != "."] == []


def test_chemotherapy_is_both_an_exclusion_and_planned():
    assert by_code("index_exclusion_diagnosis", ICD_10_CM)["Z51.11"].category == "cancer_treatment"
    assert by_code("planned_diagnosis", ICD_10_CM)["Z51.11"].category == "maintenance_chemotherapy"


def test_the_resource_types_are_those_of_fhir_r4_and_four_are_measured():
    types = load("resource_type")
    assert len(types) == FHIR_R4_CONCRETE_RESOURCE_TYPES
    measured = {row.code for row in types if row.category == "measured"}
    assert measured == {"Patient", "Encounter", "Condition", "Organization"}
