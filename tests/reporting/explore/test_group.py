from typing import Any

import pytest
from tests.reporting.explore.facts import fact, grouped

from metriccare.reporting.explore.group import FACTORS


def group_of(factor: str, **changes: Any) -> str:
    return str(grouped(fact(**changes))[factor].iloc[0])


@pytest.mark.parametrize(
    ("age", "band"),
    [
        (17, "0-17"),
        (18, "18-44"),
        (44, "18-44"),
        (45, "45-64"),
        (84, "75-84"),
        (85, "85+"),
        (None, "unknown"),
    ],
)
def test_bands_of_age_are_those_of_observed_against_expected(age: float | None, band: str) -> None:
    assert group_of("age_band", age=age) == band


@pytest.mark.parametrize(
    ("discharge", "band"),
    [
        ("2025-03-01", "0-1 days"),
        ("2025-03-02", "0-1 days"),
        ("2025-03-03", "2-3 days"),
        ("2025-03-05", "4-6 days"),
        ("2025-03-14", "7-13 days"),
        ("2025-03-15", "14+ days"),
    ],
)
def test_length_of_stay_is_counted_in_nights(discharge: str, band: str) -> None:
    assert group_of("length_of_stay", discharge_date=discharge) == band


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({}, "other"),
        ({"emergency_start_date": "2025-03-01"}, "emergency or observation"),
        ({"emergency_start_date": "2025-03-01", "is_elective": True}, "elective"),
        ({"is_elective": True, "chain_position": 2}, "from another hospital"),
    ],
)
def test_a_stay_has_one_kind_of_admission(changes: dict[str, Any], kind: str) -> None:
    assert group_of("admission", **changes) == kind


def test_a_code_is_one_group_however_its_sources_word_it() -> None:
    stays = grouped(fact(), fact(diagnosis_display="Asthma (disorder)"), fact(diagnosis_display=None))
    assert stays["diagnosis"].tolist() == ["Asthma"] * 3


def test_the_same_code_of_another_system_is_another_diagnosis() -> None:
    other = fact(diagnosis_system="t", diagnosis_display="Bronchitis")
    assert grouped(fact(), other)["diagnosis"].tolist() == ["Asthma", "Bronchitis"]


def test_a_diagnosis_is_its_display_else_its_code() -> None:
    assert group_of("diagnosis", diagnosis_display=None) == "1"
    assert group_of("diagnosis", diagnosis_code=None, diagnosis_system=None) == "Asthma"


def test_what_is_not_known_is_said_to_be_unknown() -> None:
    names = ("age", "sex", "diagnosis_code", "diagnosis_display", "disposition_class")
    stay = grouped(fact(**dict.fromkeys(names)))
    assert stay[["age_band", "sex", "diagnosis", "disposition"]].iloc[0].tolist() == ["unknown"] * 4


def test_every_factor_is_a_column_and_dispositions_are_words() -> None:
    stay = grouped(fact(disposition_class="acute_transfer"))
    assert set(FACTORS) <= set(stay)
    assert stay["disposition"].tolist() == ["another acute hospital"]
