"""Findings: which sentence for which gap, in which order, and without small counts."""

from typing import Any

import pytest

from metriccare.definitions import coverage_fields as fields
from metriccare.reporting.coverage_counts import portion
from metriccare.reporting.findings import findings

FULL = {
    value: (200, 200)
    for name, value in vars(fields).items()
    if name.isupper()
    and value not in (fields.UTC_WITHOUT_ZONE, fields.DECEASED, fields.EXPIRED, fields.UNORDERED)
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
    found = findings(coverage(**changes), exact=True)
    return [sentence.removeprefix("source default: ") for sentence in found]


def test_a_source_without_gaps_has_one_reassuring_finding() -> None:
    assert said() == ["every field that affects a measure is present. No gaps were found."]


def test_an_empty_lake_has_one_finding() -> None:
    assert findings([]) == [
        "no patients, encounters or conditions were loaded. `metriccare status` shows files and quarantine."
    ]


@pytest.mark.parametrize(
    ("changes", "beginning"),
    [
        (
            {"START": (0, 0), "END": (0, 0), "STATUS": (0, 0), "PART": (0, 0)},
            "no encounter is an inpatient's, so all measures are empty. Check Encounter.class",
        ),
        ({"START": (0, 0), "END": (0, 0)}, "no inpatient encounter has the status `finished`"),
        (
            {"START": (0, 0), "END": (0, 0), "STATUS": (0, 0)},
            "every inpatient encounter is part of another one",
        ),
        ({"STATUS": (200, 190)}, "10 of 200 inpatient encounters have no status that FHIR R4 knows"),
        ({"PART": (200, 150)}, "50 of 200 inpatient encounters are part of an encounter (`partOf`) that is"),
        ({"SUBJECT": (200, 150)}, "50 of 200 stays are of a patient that was not sent"),
        ({"UNORDERED": (6, 0)}, "resources came in several versions in the same run"),
        ({"CLASS": (200, 150)}, "50 of 200 encounters have a class that is not mapped"),
        ({"START": (200, 0)}, "all 200 finished inpatient encounters have no full start date"),
        ({"END": (200, 180)}, "20 of 200 finished inpatient encounters have no full end date"),
        (
            {"UTC_WITHOUT_ZONE": (200, 168)},
            "168 of 200 inpatient encounters have times in UTC, and no time zone",
        ),
        ({"UTC_WITHOUT_ZONE": (2000, 1)}, "1 of 2,000 inpatient encounters have times in UTC"),
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
            "194 of 200 closed stays have a disposition. To exclude the others from in-hospital mortality, set `has_",
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
    assert said(DISPOSITION=(200, 180))[0].startswith("180 of 200 closed stays have a disposition")
    assert said(DISPOSITION=(200, 179))[0].startswith("21 of 200")


def test_the_most_important_finding_is_first_and_names_its_sources() -> None:
    rows = (
        coverage("b", VERIFICATION=(200, 0), CLASS=(200, 0)) + coverage("a") + coverage("c", CLASS=(200, 0))
    )
    found = findings(rows)
    assert [sentence.split(":")[0] for sentence in found] == ["sources b, c", "source b", "source a"]
    assert "class" in found[0]
    assert "verification" in found[1]


def test_of_many_sources_five_are_named() -> None:
    rows = [row for at in range(7) for row in coverage(f"s{at}\nx", CLASS=(200, 0))]
    (sentence,) = findings(rows)
    assert sentence.startswith(
        r"sources s0\nx, s1\nx, s2\nx, s3\nx, s4\nx and 2 more: all encounters have a class"
    )


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [
        (1, 1000, "a few"),
        (412, 1000, "about 40 % of the"),
        (412, 811, "about 50 % of the"),
        (10, 40, "some"),
        (30, 40, "most"),
        (990, 1000, "nearly all"),
        (1000, 1000, "all"),
        (0, 1000, "none"),
    ],
)
def test_a_share_in_words_tells_no_number(part: int, whole: int, words: str) -> None:
    assert portion(part, whole) == words


def test_from_no_share_in_words_a_small_count_follows() -> None:
    """Whoever knows how many rows there are, and hears the words, is left with more than ten numbers, or with none."""
    for whole in (11, 30, 200, 499, 500, 501, 1000, 5000):
        numbers: dict[str, list[int]] = {}
        for part in range(1, whole):
            numbers.setdefault(portion(part, whole), []).append(part)
        assert all(
            len(parts) > 10 or parts[0] <= 10 or parts[-1] >= whole - 10 for parts in numbers.values()
        ), whole
