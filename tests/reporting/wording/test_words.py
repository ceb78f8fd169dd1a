"""Everything that is stored as a code can be told in words, and there are no words without a code."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

import metriccare
from metriccare.definitions.decision_codes import NOT_YET, Reason, Role
from metriccare.definitions.measures import DAYS, DECISIONS, measure_of
from metriccare.definitions.value_sets import load as value_set
from metriccare.measures.flags import _doubts
from metriccare.reporting.why.decision import LENGTH, PLANNED
from metriccare.reporting.why.find import NoStay
from metriccare.reporting.wording import load, words

PACKAGE = Path(metriccare.__file__).parent
EVENTS = {name for name in DECISIONS if measure_of(name).kind not in DAYS}
CODES = {
    "reason": set(Reason),
    "yet": set(NOT_YET),
    "role": set(Role),
    "disposition": {code.category for code in value_set("discharge_disposition")},
    "happened": {*EVENTS, LENGTH},
    "did_not_happen": {*EVENTS, PLANNED},
    "no_stay": set(NoStay),
}


def codes_with_words(kind: str) -> set[str]:
    return {code for of, code in load() if of == kind}


@pytest.mark.parametrize("kind", CODES)
def test_every_code_has_words_and_no_words_are_left_over(kind: str) -> None:
    assert codes_with_words(kind) == CODES[kind]


def test_every_flag_of_the_measures_and_of_silver_has_words_and_no_words_are_left_over(
    spark: SparkSession,
) -> None:
    flags = set(_doubts()) | {str(word.arg) for call in _calls("silver", "flags") for word in call.keywords}
    assert codes_with_words("flag") == {re.sub(r"\d+", "N", flag, count=1) for flag in flags}


def test_there_is_no_other_kind_of_words() -> None:
    assert {kind for kind, _ in load()} == {*CODES, "flag"}


def test_a_number_in_a_code_is_a_number_in_the_words() -> None:
    assert words("reason", "under_65") == "younger than 65 on admission"
    assert words("reason", "365_days_or_longer") == "the stay lasted 365 days or longer"


def test_a_code_of_another_version_is_told_by_its_name() -> None:
    assert words("reason", "something_new_12") == "something new 12"


def _calls(folder: str, function: str) -> Iterator[ast.Call]:
    """Every call of a function in a folder of the package."""
    for path in sorted((PACKAGE / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == function:
                yield node
