"""Everything that is stored as a code can be told in words."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

import metriccare
from metriccare.definitions.measures import ADMITTED_LATER, FOLLOW_UP_INCOMPLETE
from metriccare.definitions.schemas import GOLD_INFECTION_EVENT
from metriccare.definitions.value_sets import load as value_set
from metriccare.measures import PROFILES, Profile
from metriccare.measures.clause import Exclusion
from metriccare.measures.decide import ProfileRules
from metriccare.measures.flags import _doubts
from metriccare.measures.infection import with_infections
from metriccare.measures.stay_measure import DECISIONS, _rules
from metriccare.reporting.wording import has_words, load, words

PACKAGE = Path(metriccare.__file__).parent
STRICTEST = Profile("strictest", "", max_age_mortality=94, max_days=364, one_per_patient=True)


@pytest.fixture(scope="module")
def rules(spark: SparkSession) -> list[ProfileRules]:
    """The rules of every profile, and of one with all options."""
    return [_rules(profile) for profile in (*PROFILES, STRICTEST)]


@pytest.fixture(scope="module")
def clauses(rules: list[ProfileRules]) -> list[Exclusion]:
    common = [clause for one in rules for clause in one.common]
    return common + [clause for one in rules for measure in one.measures.values() for clause in measure.own]


@pytest.fixture(scope="module")
def reasons(clauses: list[Exclusion]) -> set[str]:
    return {clause.reason for clause in clauses} | {ADMITTED_LATER, FOLLOW_UP_INCOMPLETE}


def test_every_reason_of_every_profile_has_words_and_no_words_are_left_over(reasons: set[str]) -> None:
    assert {"under_18", "under_65", "over_94", "365_days_or_longer", "not_selected"} <= reasons
    patterns = {code for kind, code in load() if kind == "reason"}
    assert {reason for reason in reasons if not has_words("reason", reason)} == set()
    assert {code for code in patterns if not any(_fits(code, reason) for reason in reasons)} == set()


def _fits(pattern: str, code: str) -> bool:
    return pattern in (code, re.sub(r"\d+", "N", code, count=1))


def test_every_flag_of_the_measures_and_of_silver_has_words(spark: SparkSession) -> None:
    flags = set(_doubts()) | {str(word.arg) for call in _calls("silver", "flags") for word in call.keywords}
    assert {"birth_date_partial", "period_reversed", "length_over_365_days"} <= flags
    assert flags == {flag for flag in flags if has_words("flag", flag)}


def test_every_role_of_evidence_has_words(
    rules: list[ProfileRules], clauses: list[Exclusion], spark: SparkSession
) -> None:
    of_events = [measure.proof for one in rules for measure in one.measures.values()]
    proofs = [proof for proof in (*of_events, *(clause.proof for clause in clauses)) if proof is not None]
    texts = [proof._jc.expr().toString() for proof in proofs]
    events = spark.createDataFrame([], GOLD_INFECTION_EVENT)
    infected = with_infections(spark.createDataFrame([], "source string, id string"), events)
    texts.append(infected._jdf.queryExecution().logical().toString())

    roles = {role for text in texts for role in re.findall(r"\brole, (\w+), source", text)}
    assert {"stay", "infection", "principal_diagnosis", "death", "readmission", "transfer"} <= roles
    assert roles == {role for role in roles if has_words("role", role)}
    assert {code for kind, code in load() if kind == "role"} == roles


def test_every_measure_and_disposition_has_words() -> None:
    measures = {decide.__name__ for decide in DECISIONS if not decide.__name__.startswith("length_of_stay")}
    for kind in ("happened", "did_not_happen"):
        assert measures == {name for name in measures if has_words(kind, name)}
    classes = {code.category for code in value_set("discharge_disposition")}
    assert classes == {name for name in classes if has_words("disposition", name)}


def test_a_number_in_a_code_is_a_number_in_the_words() -> None:
    assert words("reason", "under_65") == "under 65 years of age on admission"
    assert words("reason", "365_days_or_longer") == "it lasted 365 days or longer"


def test_a_code_of_another_version_is_told_by_its_name() -> None:
    assert words("reason", "something_new_12") == "something new 12"


def _calls(folder: str, function: str) -> Iterator[ast.Call]:
    """Every call of a function in a folder of the package."""
    for path in sorted((PACKAGE / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == function:
                yield node
