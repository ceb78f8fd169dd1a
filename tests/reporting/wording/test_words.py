"""Every stored code has words, and there are no words without a code."""

import re
from collections.abc import Iterator

import pytest

from metriccare import silver
from metriccare.definitions.decision_codes import NOT_YET, EncounterOutcome, Reason, Role
from metriccare.definitions.measures import DAYS, DECISIONS, measure_of
from metriccare.definitions.value_sets import load as value_set
from metriccare.measures.flags import DOUBTS
from metriccare.reporting.why.decision import LENGTH, PLANNED
from metriccare.reporting.why.find import NoStay
from metriccare.reporting.wording import load, words

MERGE_FLAGS = {"patient_merged", "patient_link_cycle"}  # of `silver/stays/live_encounter.sql`
EVENTS = {name for name in DECISIONS if measure_of(name).kind not in DAYS}
CODES = {
    "reason": set(Reason),
    "yet": set(NOT_YET),
    "role": set(Role),
    "disposition": {code.category for code in value_set("discharge_disposition")},
    "happened": {*EVENTS, LENGTH},
    "did_not_happen": {*EVENTS, PLANNED},
    "encounter": set(EncounterOutcome),
    "no_stay": set(NoStay),
}


def codes_with_words(kind: str) -> set[str]:
    return {code for of, code in load() if of == kind}


@pytest.mark.parametrize("kind", CODES)
def test_every_code_has_words_and_no_words_are_left_over(kind: str) -> None:
    assert codes_with_words(kind) == CODES[kind]


def test_every_flag_of_the_measures_and_of_silver_has_words_and_no_words_are_left_over() -> None:
    flags = {*_flags_of_silver(), *DOUBTS, *MERGE_FLAGS}
    assert codes_with_words("flag") == {re.sub(r"\d+", "N", flag, count=1) for flag in flags}


def test_there_is_no_other_kind_of_words() -> None:
    assert {kind for kind, _ in load()} == {*CODES, "flag"}


def test_a_number_in_a_code_is_a_number_in_the_words() -> None:
    assert words("reason", "under_65") == "younger than 65 on admission"
    assert words("reason", "365_days_or_longer") == "the stay lasted 365 days or longer"


def test_a_code_of_another_version_is_shown_by_its_name() -> None:
    assert words("reason", "something_new_12") == "something new 12"


def _flags_of_silver() -> Iterator[str]:
    """The names that silver's steps give to the macro `flag`."""
    for step in silver.RESOURCES.steps:
        yield from re.findall(r"\bflag\([^']+, '(\w+)'\)", step.select)
