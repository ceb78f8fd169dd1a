"""Declared clauses become reasons, evidence and decisions: each by itself, in the order of the declarations."""

from typing import Any

import pyarrow as pa
import pytest

from metriccare.engine import Database, Reference
from metriccare.measures.clause import Exclusion, Rules, RuleSet
from metriccare.measures.decide import decisions, exclusions

PROOF = "proof('stay', source, 'Encounter', id, sha256)"
OTHER_PROOF = "proof('birth', source, 'Patient', 'p', sha256)"
UNDER = Exclusion("under_N", "age < min_age", OTHER_PROOF, "a source", number="min_age")
OPEN = Exclusion("open", "is_open", PROOF, "a source")
YOUNG = Exclusion("young", "age < 30", OTHER_PROOF, "a source")
BABY = Exclusion("baby", "age < 1", "", "a source")
CHOSEN = Exclusion("not_chosen", "is_another_chosen", PROOF, "a source")
RULES = Rules(
    "a source",
    own=[YOUNG, BABY],
    numerator="age > 60",
    matures_on="DATE '2025-03-31'",
    event_on="DATE '2025-03-20'",
    evidence=PROOF,
)
ROWS = RuleSet(
    rows="fact WHERE min_age IS NOT NULL",
    common=[UNDER, OPEN],
    measures={
        "deaths": RULES,
        "days": Rules("a source", [], "true", matures_on="NULL", event_on="NULL", value="age * 2"),
        "chosen": Rules("a source", [BABY], "NULL", matures_on="NULL", event_on="NULL", selection=CHOSEN),
    },
    doubts={"odd": "age % 2 = 1", "undecided": "age > NULL", "old": "age > 60"},
)


def decided(**facts: Any) -> dict[str, Any]:
    """Return what is decided on one stay of somebody of 40, at 18 as the limit."""
    fact = {"age": 40, "min_age": 18, "is_open": False, "is_another_chosen": False} | facts
    about = dict.fromkeys(("patient_id", "hospital_id", "admission_date", "discharge_date", "sex"), "x")
    named = {"source": "s", "id": "a", "profile": "p", "sha256": "hash", "quality_flags": ["known", "old"]}
    with Database(Reference()) as database:
        database.put({"fact": pa.Table.from_pylist([about | named | fact])})
        database.make([exclusions("excluded_of", ROWS), decisions("decided", ROWS, "excluded_of")])
        return database.select("FROM decided").to_pylist()[0]


def test_a_stay_that_no_clause_takes_out_is_in_the_denominator() -> None:
    found = decided()["deaths"]
    assert (found["initial_population"], found["denominator"], found["exclusion"]) == (True, True, None)
    assert (found["exclusions"], found["evidence"]) == ([], [])
    assert (found["numerator"], found["value"], found["event_on"]) == (False, 0.0, None)


def test_an_event_counts_1_on_its_date_with_its_evidence() -> None:
    found = decided(age=70)["deaths"]
    assert (found["numerator"], found["value"], str(found["event_on"])) == (True, 1.0, "2025-03-20")
    assert [one["role"] for one in found["evidence"]] == ["stay"]


def test_the_reasons_are_in_the_order_of_the_clauses_the_shared_ones_first() -> None:
    found = decided(age=0, is_open=True)["deaths"]
    assert found["exclusions"] == ["under_18", "open", "young", "baby"]
    assert (found["exclusion"], found["initial_population"], found["denominator"]) == (
        "under_18",
        False,
        False,
    )


def test_a_clause_of_one_measure_takes_a_stay_out_of_no_other() -> None:
    row = decided(age=20)
    assert [row[name]["exclusions"] for name in ("deaths", "days")] == [["young"], []]
    assert row["deaths"]["initial_population"]


def test_out_of_the_denominator_nothing_counts_and_the_exclusions_have_the_evidence_each_resource_once() -> (
    None
):
    found = decided(age=17, is_open=True)["deaths"]
    assert (found["numerator"], found["value"], found["event_on"]) == (False, None, None)
    assert [one["role"] for one in found["evidence"]] == ["birth", "stay"]


def test_a_condition_or_an_event_that_cannot_be_decided_does_not_apply() -> None:
    row = decided(age=None, is_open=None)
    assert row["deaths"]["exclusions"] == []
    assert (row["chosen"]["numerator"], row["chosen"]["value"]) == (False, 0.0)


def test_a_resource_that_is_not_there_is_no_evidence() -> None:
    assert decided(is_open=True, sha256=None)["deaths"]["evidence"] == []


def test_a_value_is_what_the_measure_sums_up() -> None:
    assert decided()["days"]["value"] == 80.0


@pytest.mark.parametrize(("age", "reasons"), [(40, ["not_chosen"]), (0, ["under_18", "baby", "not_chosen"])])
def test_the_selection_is_the_last_reason(age: int, reasons: list[str]) -> None:
    assert decided(age=age, is_another_chosen=True)["chosen"]["exclusions"] == reasons


def test_the_doubts_that_apply_come_after_the_flags_that_are_there_each_once() -> None:
    assert decided(age=71)["quality_flags"] == ["known", "old", "odd"]
    assert decided(quality_flags=None)["quality_flags"] == []
