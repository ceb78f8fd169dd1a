"""A test of the truth test: with one rule changed, the truth must no longer be met."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.proofs.truth.compare import different_events, different_stays
from tests.proofs.truth.planted import SEEDS, Gold, Planted, gold_of, plant
from tests.support.builders import WITHOUT_CENSUS, Silver, silver_of

from metriccare import measures
from metriccare.definitions import measures as d
from metriccare.engine import Program, Step, database
from metriccare.generate.parameters import BLOCK_SIZE
from metriccare.measures.clause import Rules
from metriccare.measures.stay_measure import STRICT, stay_measure_steps

ALL_ADULT = measures.PROFILES[:1]  # what the truth is told of
READMISSIONS = (d.READMISSION, d.READMISSION_UNPLANNED, d.READMISSION_PLANNED_UNKNOWN)
LENGTHS = (d.LENGTH_BILLING, d.LENGTH_MIDNIGHTS)

Change = tuple[str, str]  # a text, and what it becomes
Mutant = Callable[[], Program]


def declared(names: tuple[str, ...], *changes: Change) -> Mutant:
    """Return the program with texts changed in what some measures declare, in no others."""

    def program() -> Program:
        rules = {
            name: _changed_rules(one, changes) if name in names else one
            for name, one in STRICT.measures.items()
        }
        assert all(rules[name] != STRICT.measures[name] for name in names), "nothing is changed"
        return _with(stay_measure_steps(replace(STRICT, measures=rules)))

    return program


def _changed_rules(rules: Rules, changes: tuple[Change, ...]) -> Rules:
    own = [replace(one, condition=_changed(one.condition, changes)) for one in rules.own]
    numerator, value = (_changed(text, changes) for text in (rules.numerator, rules.value))
    return replace(rules, own=tuple(own), numerator=numerator, value=value)


def in_step(name: str, *changes: Change) -> Mutant:
    """Return the program with texts changed in a step."""

    def program() -> Program:
        (step,) = (one for one in WITHOUT_CENSUS.steps if one.name == name)
        assert all(text in step.select for text, _ in changes), "nothing is changed"
        return _with((Step(name, _changed(step.select, changes)),))

    return program


def _changed(text: str, changes: tuple[Change, ...]) -> str:
    for old, new in changes:
        text = text.replace(old, new)
    return text


def _with(steps: tuple[Step, ...]) -> Program:
    """Return the program with these steps in the place of those of the same names."""
    changed = {step.name: step for step in steps}
    return replace(WITHOUT_CENSUS, steps=tuple(changed.get(step.name, step) for step in WITHOUT_CENSUS.steps))


WITHIN = "BETWEEN 0 AND 30"
BY_DATE = (
    "OR holds(has_no_disposition AND death_date BETWEEN admission_date AND discharge_date)",
    "OR holds(death_date >= admission_date AND death_date < discharge_date)",
)
ELAPSED = "date_diff('second', counted_from_at, discharge_at) // 86400"
IN_UTC = """
CREATE OR REPLACE MACRO local_date(t, zone) AS
    coalesce(timezone('UTC', try_cast(t AS TIMESTAMPTZ))::DATE, try_cast(t[1:10] AS DATE));
"""  # where the date as written decides

# In none of them do the infections change.
MUTANTS = {
    "readmission: 31 days": declared(READMISSIONS[:2], (WITHIN, "BETWEEN 0 AND 31")),
    "readmission: 29 days": declared(READMISSIONS[:2], (WITHIN, "BETWEEN 0 AND 29")),
    "readmission: the first leg is the index": declared(
        READMISSIONS, ("NOT is_last_leg", "NOT is_first_leg")
    ),
    "mortality: 31 days": declared((d.MORTALITY_30_DAY,), (WITHIN, "BETWEEN 0 AND 31")),
    "mortality: 29 days": declared((d.MORTALITY_30_DAY,), (WITHIN, "BETWEEN 0 AND 29")),
    "mortality: the last leg admits": declared(
        (d.MORTALITY_30_DAY,), ("NOT is_first_leg", "NOT is_last_leg")
    ),
    "mortality: the first leg has the death in hospital": declared(
        (d.MORTALITY_IN_HOSPITAL,), ("NOT is_last_leg", "NOT is_first_leg")
    ),
    # A death that has only a date is midnight, before the admission.
    "mortality: deaths in hospital by instants": in_step(
        "death",
        ("s.is_open,", "s.is_open, s.admission_at, s.discharge_at,"),
        (BY_DATE[0], "OR holds(death_date::TIMESTAMPTZ BETWEEN admission_at AND discharge_at)"),
        (BY_DATE[1], ""),
    ),
    "length of stay: elapsed days": declared(LENGTHS, ("discharge_date - counted_from_date", ELAPSED)),
}
MUTANTS_OF_EVENTS = {
    "infection: hospital day 4": in_step("infection_onset", ("hospital_day < 3", "hospital_day < 4")),
    "infection: hospital day 2": in_step("infection_onset", ("hospital_day < 3", "hospital_day < 2")),
    "infection: 15 days for repeats": in_step("infection_opener", (">= 14", ">= 15")),
}


@pytest.fixture(scope="module")
def deck(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    """Return one block of patients, which has every situation: a mutant is caught by a single stay."""
    return plant(tmp_path_factory.mktemp("deck"), SEEDS[:1], BLOCK_SIZE)


@pytest.fixture(scope="module")
def typed_deck(deck: Planted) -> Silver:
    return silver_of(deck.records)


@pytest.fixture(scope="module", autouse=True)
def _unchanged(typed_deck: Silver, deck: Planted) -> None:
    """By the rules as they are the truth is met, else every mutant would seem to be caught."""
    gold = gold_of(typed_deck, ALL_ADULT)
    assert different_events(gold.events, deck.truth) == set()
    assert _stays(gold, deck) == []


@pytest.mark.parametrize("name", MUTANTS)
def test_the_truth_catches(name: str, typed_deck: Silver, deck: Planted) -> None:
    assert _stays(gold_of(typed_deck, ALL_ADULT, MUTANTS[name]()), deck)


@pytest.mark.parametrize("name", MUTANTS_OF_EVENTS)
def test_the_truth_catches_infections(name: str, typed_deck: Silver, deck: Planted) -> None:
    gold = gold_of(typed_deck, ALL_ADULT, MUTANTS_OF_EVENTS[name]())
    assert different_events(gold.events, deck.truth)


def test_the_truth_catches_dates_cut_in_utc(monkeypatch: pytest.MonkeyPatch, deck: Planted) -> None:
    monkeypatch.setattr(database, "MACROS", database.MACROS + IN_UTC)
    assert _stays(gold_of(silver_of(deck.records), ALL_ADULT), deck)


def _stays(gold: Gold, planted: Planted) -> list[tuple[str, str, str, object, object]]:
    return different_stays(gold.decisions, planted.truth, planted.as_of)
