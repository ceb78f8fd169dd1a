"""The rules, the tables and the suppression know every measure and stratum of the registry, and no other."""

import re

import pytest

from metriccare.definitions import measures as d
from metriccare.definitions.schemas import GOLD_STAY_MEASURE
from metriccare.definitions.strata import STRATA
from metriccare.measures.clause import RuleSet
from metriccare.measures.result.suppression.protected import COARSE_FIRST
from metriccare.measures.result.suppression.publication import COST
from metriccare.measures.result.suppression.quantity import (
    DAYS,
    SHARED_DENOMINATOR,
    STAYS,
    denominator,
    is_proportion,
    numerator,
)
from metriccare.measures.stay_measure import LATER, PLAIN, STRICT


@pytest.mark.parametrize("rules", [STRICT, PLAIN, LATER], ids=["strict", "plain", "later"])
def test_every_decision_of_the_registry_has_a_rule_and_every_rule_is_one_of_them(rules: RuleSet) -> None:
    assert tuple(rules.measures) == d.DECISIONS


def test_the_decisions_are_columns_of_the_table_in_their_order() -> None:
    columns = re.findall(r"(\w+) STRUCT<\s*initial_population", GOLD_STAY_MEASURE)
    assert tuple(columns) == d.DECISIONS


def test_the_suppression_knows_every_stratum() -> None:
    assert set(COST) == set(COARSE_FIRST) == set(STRATA)
    assert len(COARSE_FIRST) == len(STRATA)


@pytest.mark.parametrize("name", d.MEASURES)
def test_the_suppression_sees_days_as_days_and_events_as_part_of_their_cases(name: str) -> None:
    kind = d.MEASURES[name].kind
    assert (numerator(name, "p").kind == DAYS) == (kind in d.DAYS)
    assert is_proportion(name) == (kind is d.Kind.PROPORTION)
    if name in SHARED_DENOMINATOR:
        assert denominator(name, "p").kind == STAYS
