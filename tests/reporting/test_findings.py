"""Findings: which sentence for which gap, in which order, and without small counts."""

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


def test_a_source_without_gaps_has_one_reassuring_finding() -> None:
    assert said() == ["every field that affects a measure is present. No gaps were found."]


def test_an_empty_lake_has_one_finding() -> None:
    assert findings([]) == [
        "no patients, encounters or conditions were loaded. `metriccare status` shows files and quarantine."
    ]


@pytest.mark.parametrize(
    ("changes", "beginning"),
    [
        ({"START": (0, 0), "END": (0, 0)}, "there are no finished inpatient encounters"),
        ({"CLASS": (200, 150)}, "50 of 200 encounters have a class that is not mapped"),
        ({"START": (200, 0)}, "all 200 finished inpatient encounters have no full start date"),
        ({"END": (200, 180)}, "20 of 200 finished inpatient encounters have no full end date"),
        ({"UTC_WITHOUT_ZONE": (200, 168)}, "84 % of the times are in UTC and no time zone is set"),
        ({"UTC_WITHOUT_ZONE": (2000, 1)}, "1 % of the times are in UTC"),
        ({"HOSPITAL": (200, 100)}, "100 of 200 inpatient encounters have no hospital"),
        ({"BIRTH_DATE": (200, 150)}, "50 of 200 patients have no full birth date"),
        (
            {"DECEASED": (200, 0), "DEATH_DATE": (0, 0)},
            "no patient has a date of death or is marked as deceased",
        ),
        ({"DEATH_DATE": (30, 0)}, "no patient has a full date of death"),
        ({"DEATH_DATE": (30, 15)}, "15 of 30 deceased patients have no full date of death"),
        (
            {"DISPOSITION": (200, 0)},
            "there are no discharge dispositions. The against-advice and transfer",
        ),
        ({"DISPOSITION": (200, 100)}, "100 of 200 closed stays have no discharge disposition"),
        (
            {"DISPOSITION": (200, 194)},
            "dispositions are present for 97 % of stays. To exclude the other 3 % from in-hospital mortality, "
            "set `has_",
        ),
        (
            {"DISPOSITION": (200, 100), "EXPECTS_DISPOSITIONS": (200, 200)},
            "`has_dispositions` is set, but 100 of 200 closed stays have no disposition",
        ),
        ({"DISPOSITION_MAPPED": (200, 20)}, "180 of 200 dispositions have a code that is not mapped"),
        ({"EXPIRED": (200, 0)}, "no disposition means that a patient died"),
        ({"INFECTION_DATE": (40, 28)}, "12 of 40 infections have no usable onset or recorded date"),
        ({"PRESENT_ON_ADMISSION": (200, 0)}, "there are no present-on-admission indicators"),
        ({"PRESENT_ON_ADMISSION": (0, 0)}, "there are no present-on-admission indicators"),
        ({"SNOMED": (200, 0)}, "all 200 conditions have no SNOMED CT code"),
        ({"LINKED": (200, 100)}, "100 of 200 conditions do not refer to an encounter"),
        ({"PRINCIPAL": (200, 100)}, "100 of 200 closed stays have no known principal diagnosis"),
        ({"GENDER": (200, 100)}, "100 of 200 patients have no gender"),
        ({"TIMES": (200, 100)}, "100 of 200 finished inpatient encounters have no times of day"),
        ({"VERIFICATION": (200, 0)}, "all 200 conditions have no verification status"),
    ],
)
def test_a_gap_is_one_finding(changes: dict[str, tuple[int, int]], beginning: str) -> None:
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
def test_a_gap_that_affects_no_measure_is_not_reported(changes: dict[str, tuple[int, int]]) -> None:
    assert len(said(**changes)) == 1
    assert "No gaps were found" in said(**changes)[0]


def test_a_gap_above_five_percent_is_reported_and_a_smaller_one_is_not() -> None:
    assert "No gaps were found" in said(SNOMED=(200, 190))[0]
    assert said(SNOMED=(200, 189))[0].startswith("11 of 200")


def test_dispositions_are_usual_from_ninety_percent_on() -> None:
    assert said(DISPOSITION=(200, 180))[0].startswith("dispositions are present for 90 %")
    assert said(DISPOSITION=(200, 179))[0].startswith("21 of 200")


def test_the_most_important_finding_is_first_and_sources_are_separate() -> None:
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
