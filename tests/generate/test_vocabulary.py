from itertools import product

import pytest

from metriccare.generate import vocabulary
from metriccare.generate.rng import Rng

OWN = ("acute_diagnosis", "chronic_diagnosis", "visit_type")
D5 = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
    [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
    [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
    [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
    [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
    [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
    [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
    [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
    [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
]
STEP = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]


def verhoeff_valid(code: str) -> bool:
    check = 0
    for place, digit in enumerate(map(int, reversed(code))):
        check = D5[check][permuted(digit, place % 8)]
    return check == 0


def permuted(digit: int, times: int) -> int:
    for _ in range(times):
        digit = STEP[digit]
    return digit


@pytest.mark.parametrize("name", OWN)
def test_the_generators_codes_are_snomed_codes_with_a_source(name: str) -> None:
    for code in vocabulary.generator_codes(name):
        assert code.system == vocabulary.SNOMED
        assert verhoeff_valid(code.code), code
        assert code.source and code.version and code.display


def test_the_check_digit_is_checked() -> None:
    assert verhoeff_valid("22298006") and not verhoeff_valid("22298007")


def test_ordinary_diagnoses_are_in_no_value_set_of_a_measure() -> None:
    listed = {
        code.code
        for name, category in product(
            ("index_exclusion_diagnosis", "planned_diagnosis"),
            ("psychiatric", "rehabilitation", "cancer_treatment", "maintenance_chemotherapy", "delivery"),
        )
        for code in vocabulary.codes_of(name, category)
    }
    listed |= {code.code for rule in ("date", "never", "exclude") for code in vocabulary.infections(rule)}
    written = {code.code for code in (*vocabulary.acute_diagnoses(), *vocabulary.chronic_diagnoses())}
    assert written and not written & listed


def test_a_disposition_has_the_requested_class() -> None:
    rng = Rng(1)
    for category in (
        "home",
        "expired",
        "hospice",
        "acute_transfer",
        "left_against_medical_advice",
        "unknown",
    ):
        assert {vocabulary.disposition(rng, category).category for _ in range(50)} == {category}


def test_the_fingerprint_is_stable() -> None:
    assert vocabulary.fingerprint() == vocabulary.fingerprint()
    assert len(vocabulary.fingerprint()) == 16
