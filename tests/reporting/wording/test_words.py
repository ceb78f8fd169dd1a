"""Every stored code has words, and there are no words without a code."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from metriccare.silver.merge import CYCLE, MERGED

import metriccare
from metriccare.definitions.decision_codes import NOT_YET, EncounterOutcome, Reason, Role
from metriccare.definitions.measures import DAYS, DECISIONS, measure_of
from metriccare.definitions.value_sets import load as value_set
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
    "encounter": set(EncounterOutcome),
    "no_stay": set(NoStay),
}


def codes_with_words(kind: str) -> set[str]:
    return {code for of, code in load() if of == kind}


@pytest.mark.parametrize("kind", CODES)
def test_every_code_has_words_and_no_words_are_left_over(kind: str) -> None:
    assert codes_with_words(kind) == CODES[kind]


def test_every_flag_of_the_measures_and_of_silver_has_words_and_no_words_are_left_over() -> None:
    flags = {*_flags_of_silver(), *_flags_of_measures(), MERGED, CYCLE}
    assert codes_with_words("flag") == {re.sub(r"\d+", "N", flag, count=1) for flag in flags}


def test_there_is_no_other_kind_of_words() -> None:
    assert {kind for kind, _ in load()} == {*CODES, "flag"}


def test_a_number_in_a_code_is_a_number_in_the_words() -> None:
    assert words("reason", "under_65") == "younger than 65 on admission"
    assert words("reason", "365_days_or_longer") == "the stay lasted 365 days or longer"


def test_a_code_of_another_version_is_shown_by_its_name() -> None:
    assert words("reason", "something_new_12") == "something new 12"


def _flags_of_silver() -> Iterator[str]:
    """The names that silver passes to `flags`, and those that `flags` adds itself."""
    for node in _nodes("silver"):
        match node:
            case ast.Call(func=ast.Name(id="flags")):
                yield from (word.arg for word in node.keywords if word.arg)
            case ast.Assign(
                targets=[ast.Subscript(value=ast.Name(id="conditions"), slice=ast.Constant(value))]
            ):
                yield str(value)


def _flags_of_measures() -> Iterator[str]:
    (function,) = (
        node for node in _nodes("measures") if isinstance(node, ast.FunctionDef) and node.name == "_doubts"
    )
    for node in ast.walk(function):
        if isinstance(node, ast.Dict):
            yield from (key.value for key in node.keys if isinstance(key, ast.Constant))


def _nodes(folder: str) -> Iterator[ast.AST]:
    """Every part of the code in a folder of the package."""
    for path in sorted((PACKAGE / folder).rglob("*.py")):
        yield from ast.walk(ast.parse(path.read_text(encoding="utf-8")))
