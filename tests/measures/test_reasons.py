"""The codes that the clauses store are those of `definitions.decision_codes`, each of them."""

import re

from metriccare.definitions.decision_codes import NOT_YET, InfectionDecision, Reason, Role
from metriccare.measures import DECISIONS
from metriccare.measures.stay_measure import LATER, PLAIN, STRICT

RULES = [one for group in (STRICT, PLAIN) for one in group.measures.values()]
CLAUSES = [*STRICT.common, *PLAIN.common, *(clause for one in RULES for clause in one.clauses)]
STEPS = {step.name: step.select for step in DECISIONS.steps}


def test_every_reason_is_that_of_a_clause_or_of_as_of_and_every_clause_has_one() -> None:
    assert {clause.reason for clause in CLAUSES} | set(NOT_YET) == set(Reason)
    assert {clause.reason for clause in LATER.common} <= set(NOT_YET)


def test_a_reason_has_a_number_in_the_place_of_its_n_and_no_other_reason_has() -> None:
    numbered = {clause.reason for clause in CLAUSES if clause.number}
    assert numbered == {reason for reason in Reason if "N" in reason}
    assert not numbered & {clause.reason for clause in CLAUSES if not clause.number}


def test_every_role_of_evidence_is_used_and_known() -> None:
    roles = {role for select in STEPS.values() for role in re.findall(r"(?:proof\(|'role': )'(\w+)'", select)}
    assert roles == set(Role)


def test_every_decision_on_an_infection_has_a_sentence_and_can_be_made() -> None:
    made = re.findall(r"(?:THEN|ELSE)\s+'(\w+)'", STEPS["infection_onset"] + STEPS["infection_decision"])
    told = re.findall(r"^\s+\('(\w+)', '[^']+\.'\)", STEPS["infection_event"], re.MULTILINE)
    assert set(made) == set(told) == set(InfectionDecision)
    assert len(told) == len(InfectionDecision)
