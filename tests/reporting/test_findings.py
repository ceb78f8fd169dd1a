"""What the coverage is said to mean: which sentence, in which order, and no small count in any."""

from typing import Any

import pytest

from metriccare.definitions import coverage_fields as fields
from metriccare.reporting.coverage_counts import hidden, portion
from metriccare.reporting.findings import findings

FULL = {
    value: (200, 200)
    for name, value in vars(fields).items()
    if name.isupper() and value not in (fields.UTC_WITHOUT_ZONE, fields.DECEASED, fields.EXPIRED)
}
FULL |= {
    fields.UTC_WITHOUT_ZONE: (200, 0),
    fields.DECEASED: (200, 30),
    fields.EXPIRED: (200, 15),
    fields.EXPECTS_DISPOSITIONS: (200, 0),
}


def coverage(source: str = "default", **changes: tuple[int, int]) -> list[dict[str, Any]]:
    """Return the coverage of a source in which all is there but the fields named by their constants."""
    counts = FULL | {getattr(fields, name): pair for name, pair in changes.items()}
    return [
        {"source": source, "resource": "", "field": field, "rows": rows, "present": present}
        for field, (rows, present) in counts.items()
    ]


def said(**changes: tuple[int, int]) -> list[str]:
    return [sentence.removeprefix("source default: ") for sentence in findings(coverage(**changes))]


def test_where_nothing_is_missing_one_line_reassures() -> None:
    assert said() == [
        "every field that decides something is there; nothing stands in the way of the measures."
    ]


def test_an_empty_lake_is_said_to_be_empty() -> None:
    assert findings([]) == [
        "there is no patient, encounter or condition: `metriccare run` shows what became of the files."
    ]


@pytest.mark.parametrize(
    ("changes", "beginning"),
    [
        ({"START": (0, 0), "END": (0, 0)}, "there is no finished inpatient encounter"),
        ({"CLASS": (200, 150)}, "50 of 200 encounters have a class that no map knows"),
        ({"START": (200, 0)}, "all 200 finished inpatient encounters have no start"),
        ({"END": (200, 180)}, "20 of 200 finished inpatient encounters have no end"),
        ({"UTC_WITHOUT_ZONE": (200, 168)}, "84 % of the times are in UTC and no zone is set"),
        ({"UTC_WITHOUT_ZONE": (2000, 1)}, "1 % of the times are in UTC"),
        ({"HOSPITAL": (200, 100)}, "100 of 200 inpatient encounters name no hospital"),
        ({"BIRTH_DATE": (200, 150)}, "50 of 200 patients have no birth date"),
        (
            {"DECEASED": (200, 0), "DEATH_DATE": (0, 0)},
            "no patient has a date of death or is said to be dead",
        ),
        ({"DEATH_DATE": (30, 0)}, "no patient has a date of death to the day"),
        ({"DEATH_DATE": (30, 15)}, "15 of 30 of the dead have no date of death"),
        ({"DISPOSITION": (200, 0)}, "no discharge dispositions: the against-advice and transfer exclusions"),
        ({"DISPOSITION": (200, 100)}, "100 of 200 closed stays have no discharge disposition"),
        ({"DISPOSITION": (200, 194)}, "dispositions are on 97 % of stays: set has_dispositions = true"),
        (
            {"DISPOSITION": (200, 100), "EXPECTS_DISPOSITIONS": (200, 200)},
            "has_dispositions is set, but 100 of 200 closed stays have none",
        ),
        ({"DISPOSITION_MAPPED": (200, 20)}, "180 of 200 dispositions have a code that no map knows"),
        ({"EXPIRED": (200, 0)}, "no disposition says that a patient died"),
        ({"INFECTION_DATE": (40, 28)}, "12 of 40 infections have no usable onset or recorded date"),
        ({"PRESENT_ON_ADMISSION": (200, 0)}, "no present-on-admission indicators"),
        ({"PRESENT_ON_ADMISSION": (0, 0)}, "no present-on-admission indicators"),
        ({"SNOMED": (200, 0)}, "all 200 conditions have no SNOMED CT code"),
        ({"LINKED": (200, 100)}, "100 of 200 conditions refer to no encounter"),
        ({"PRINCIPAL": (200, 100)}, "100 of 200 closed stays have no principal diagnosis"),
        ({"GENDER": (200, 100)}, "100 of 200 patients have no gender"),
        ({"TIMES": (200, 100)}, "100 of 200 finished inpatient encounters have no times of day"),
        ({"VERIFICATION": (200, 0)}, "all 200 conditions have no verification status"),
    ],
)
def test_what_is_missing_is_said_in_one_sentence(changes: dict[str, tuple[int, int]], beginning: str) -> None:
    (sentence,) = said(**changes)
    assert sentence.startswith(beginning)
    assert sentence.endswith(".")


@pytest.mark.parametrize(
    "changes",
    [
        {"DISPOSITION": (200, 194), "EXPECTS_DISPOSITIONS": (200, 200)},
        {"SNOMED": (200, 190)},
        {"PRESENT_ON_ADMISSION": (200, 1)},
        {"PRESENT_ON_ADMISSION": (0, 0), "PRINCIPAL": (0, 0)},
        {"INFECTION_DATE": (0, 0)},
    ],
)
def test_what_costs_no_measure_anything_is_not_said(changes: dict[str, tuple[int, int]]) -> None:
    assert len(said(**changes)) == 1
    assert "nothing stands in the way" in said(**changes)[0]


def test_a_gap_of_five_percent_is_said_and_less_is_not() -> None:
    assert "nothing" in said(SNOMED=(200, 190))[0]
    assert said(SNOMED=(200, 189))[0].startswith("11 of 200")


def test_dispositions_are_a_habit_from_ninety_percent_on() -> None:
    assert said(DISPOSITION=(200, 180))[0].startswith("dispositions are on 90 %")
    assert said(DISPOSITION=(200, 179))[0].startswith("21 of 200")


def test_the_most_important_comes_first_and_sources_stand_apart() -> None:
    rows = coverage("b", VERIFICATION=(200, 0), CLASS=(200, 0)) + coverage("a")
    found = findings(rows)
    assert [sentence.split(":")[0] for sentence in found] == ["source a", "source b", "source b"]
    assert "class" in found[1]
    assert "verification" in found[2]


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [
        (11, 40, "11 of 40"),
        (10, 40, "a few"),
        (1, 1000, "a few"),
        (989, 1000, "989 of 1,000"),
        (990, 1000, "nearly all"),
        (1000, 1000, "all 1,000"),
        (10, 10, "all"),
    ],
)
def test_a_count_of_one_to_ten_and_what_it_follows_from_is_a_word(part: int, whole: int, words: str) -> None:
    assert portion(part, whole) == words


def test_a_small_count_is_hidden_and_zero_is_not() -> None:
    assert [hidden(count) for count in (0, 1, 10, 11, 1200)] == ["0", "1-10", "1-10", "11", "1,200"]
