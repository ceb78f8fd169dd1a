"""The codes that the clauses store are those of `definitions.decision_codes`, each of them."""

import re

import pytest
from pyspark.sql import SparkSession

from metriccare.definitions.decision_codes import NOT_YET, InfectionDecision, Reason, Role
from metriccare.definitions.profiles import PROFILES, Profile
from metriccare.definitions.schemas import GOLD_INFECTION_EVENT
from metriccare.measures.clause import Exclusion
from metriccare.measures.decide import ProfileRules
from metriccare.measures.infection import with_infections
from metriccare.measures.infection.event import REASONS
from metriccare.measures.infection.onset import decide
from metriccare.measures.stay_measure import _rules

STRICTEST = Profile("strictest", "", max_age_mortality=94, max_days=364, one_per_patient=True)


@pytest.fixture(scope="module")
def rules(spark: SparkSession) -> list[ProfileRules]:
    """The rules of every profile, and of one with all options."""
    return [_rules(profile) for profile in (*PROFILES, STRICTEST)]


@pytest.fixture(scope="module")
def clauses(rules: list[ProfileRules]) -> list[Exclusion]:
    common = [clause for one in rules for clause in one.common]
    return common + [clause for one in rules for measure in one.measures.values() for clause in measure.own]


def test_every_reason_is_that_of_a_clause_or_of_as_of_and_every_clause_has_one(
    clauses: list[Exclusion],
) -> None:
    stored = {clause.reason for clause in clauses}
    assert {"under_18", "under_65", "over_94", "365_days_or_longer", "not_selected"} <= stored
    assert {re.sub(r"^\d+|\d+$", "N", code) if _is_limit(code) else code for code in stored} | set(
        NOT_YET
    ) == set(Reason)


def _is_limit(code: str) -> bool:
    return bool(re.fullmatch(r"(under|over)_\d+|\d+_days_or_longer", code))


def test_every_role_of_evidence_is_used_and_known(
    rules: list[ProfileRules], clauses: list[Exclusion], spark: SparkSession
) -> None:
    of_events = [measure.evidence for one in rules for measure in one.measures.values()]
    proofs = [proof for proof in (*of_events, *(clause.evidence for clause in clauses)) if proof is not None]
    texts = [proof._jc.expr().toString() for proof in proofs]
    events = spark.createDataFrame([], GOLD_INFECTION_EVENT)
    infected = with_infections(spark.createDataFrame([], "source string, id string"), events)
    texts.append(infected._jdf.queryExecution().logical().toString())

    roles = {role for text in texts for role in re.findall(r"\brole, (\w+), source", text)}
    assert roles == set(Role)


def test_every_decision_on_an_infection_has_a_sentence_and_can_be_made(spark: SparkSession) -> None:
    made = set(re.findall(r"THEN (\w+)", decide()._jc.expr().sql().replace("'", "")))
    assert set(REASONS) == set(InfectionDecision)
    assert made | {InfectionDecision.REPEAT} == set(InfectionDecision)
