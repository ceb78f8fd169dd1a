"""Codings to the categories of the value sets (MEASURES 0.1.1, 0.3)."""

import pytest
from tests.support.builders import ACT, DISPOSITION, NUBC, SNOMED, evaluate

CODING = '{"system": "VARCHAR", "code": "VARCHAR"}'
CONCEPT = f'{{"coding": [{CODING}], "text": "VARCHAR"}}'

Coding = dict[str, str | None]


def coding(system: str | None, code: str | None) -> Coding:
    return {"system": system, "code": code}


def classes(*codings: Coding | None, of: str = "discharge_disposition") -> list[str | None]:
    return evaluate(codings, f"category_of('{of}', value)", CODING)


def test_a_coding_has_the_category_of_its_system_and_code() -> None:
    found = classes(coding(ACT, "IMP"), coding(ACT, "NONAC"), coding(ACT, "EMER"), of="encounter_class")
    assert found == ["acute_inpatient", "nonacute_inpatient", "not_inpatient"]


def test_another_column_of_the_value_set_can_be_requested() -> None:
    codings = [coding(SNOMED, "385093006"), coding(SNOMED, "429271009")]
    found = evaluate(
        codings, "(SELECT rule FROM code WHERE value_set = 'infection' AND key = coding_key(value))", CODING
    )
    assert found == ["never", "hospital_onset"]


def test_a_code_that_is_not_in_the_value_set_has_no_category() -> None:
    codings = [coding(DISPOSITION, "moon"), coding("urn:local", "home"), coding(None, "home")]
    assert classes(*codings, coding(DISPOSITION, None), None) == [None] * 5


def test_a_ub04_code_may_lack_its_leading_zero() -> None:
    assert classes(coding(NUBC, "1"), coding(NUBC, "01"), coding(NUBC, "7")) == [
        "home",
        "home",
        "left_against_medical_advice",
    ]


def test_a_ub04_code_of_three_digits_is_not_shortened() -> None:
    assert classes(coding(NUBC, "200"), coding(NUBC, "020")) == [None, None]


def test_only_ub04_codes_get_a_leading_zero() -> None:
    assert classes(coding(DISPOSITION, "1"), coding("urn:local", "1")) == [None, None]


def test_categories_are_distinct_and_in_the_order_of_the_codings() -> None:
    home, hospice, alien = coding(NUBC, "01"), coding(DISPOSITION, "hosp"), coding("urn:local", "x")
    lists = [[alien, hospice, home, hospice], [alien], []]
    found = evaluate(lists, "categories_of('discharge_disposition', value)", f"[{CODING}]")
    assert found == [["hospice", "home"], [], []]


def test_the_codings_of_several_concepts_are_one_list() -> None:
    a, b, c = coding("s", "a"), coding("s", "b"), coding("s", "c")
    lists = [[{"coding": [a, b]}, {"text": "only text"}, {"coding": [c]}], [], None]
    found = evaluate(lists, "codings_of(value)", f"[{CONCEPT}]")
    assert [[one["code"] for one in codings] for codings in found] == [["a", "b", "c"], [], []]


def test_any_coding_counts_that_a_value_set_lists_else_the_first() -> None:
    local, known, other = coding("local", "1"), coding("s", "W"), coding("s", "Y")
    lists = [[local, known, other], [local], [{"display": "no code"}, local], [], None]
    found = evaluate(lists, "code_among('present_on_admission', value)", f"[{CODING}]")
    assert found == ["W", "1", "1", None, None]


@pytest.mark.parametrize(
    ("codes", "found"),
    [
        (["confirmed", "entered-in-error"], "entered-in-error"),
        (["refuted", "entered-in-error"], "entered-in-error"),
        (["provisional", "refuted"], "refuted"),
        (["V", "provisional"], "provisional"),
        (["V"], "V"),
        ([], None),
    ],
)
def test_what_rules_a_condition_out_goes_before_every_other_coding(
    codes: list[str], found: str | None
) -> None:
    codings = [coding("s", code) for code in codes]
    assert evaluate([codings], "verification_of(value)", f"[{CODING}]") == [found]


def test_a_text_stands_for_a_code_only_where_there_is_none() -> None:
    concepts = [
        {"coding": [coding("s", "a")], "text": "words"},
        {"coding": [{"display": "shown"}], "text": " words "},
        {"text": "words"},
        {"text": "  "},
        None,
    ]
    found = evaluate(concepts, "codings_or_text(value)", CONCEPT)
    assert [[(one["system"], one["code"]) for one in codings] for codings in found] == [
        [("s", "a")],
        [(None, "words")],
        [(None, "words")],
        [],
        [],
    ]


def test_an_empty_text_is_none() -> None:
    text = '{"a": "", "b" : "" , "c": {"d":""}, "e": "x: \\\\"\\\\"", "f": [""]}'
    (found,) = evaluate([text], "without_empty(value)")
    assert found == '{"a":null, "b" :null , "c": {"d":null}, "e": "x: \\\\"\\\\"", "f": [""]}'
