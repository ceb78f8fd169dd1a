"""A test of the truth test: with one rule changed, the truth must no longer be met."""

from typing import Any

import pytest
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from tests.proofs.truth.compare import different_events, different_stays
from tests.proofs.truth.planted import (
    SEEDS,
    Planted,
    Silver,
    decisions_of,
    events_of,
    plant,
    silver_of,
)

from metriccare import measures
from metriccare.generate.parameters import BLOCK_SIZE
from metriccare.measures.clause import Exclusion
from metriccare.measures.infection import link, onset, repeat
from metriccare.measures.length_of_stay import days
from metriccare.measures.mortality import death, in_hospital, thirty_day
from metriccare.measures.readmission import index_admission
from metriccare.measures.readmission import measure as readmission
from metriccare.measures.transfer import is_first_leg, is_last_leg, leaves_to_acute_care
from metriccare.silver import condition, encounter, patient, stay

SECONDS_PER_DAY = 86_400
ALL_ADULT = measures.PROFILES[:1]  # what the truth is told of


def days_by_instant(since: Column, until: str = "discharge_date") -> Column:
    """The elapsed days between the instants, where calendar dates decide."""
    seconds = F.unix_timestamp("discharge_at") - F.unix_timestamp("admission_at")
    return F.floor(seconds / SECONDS_PER_DAY).cast("int")


def date_in_utc(text: Column, timezone: Any = "") -> Column:
    """The date after conversion to UTC, where the date as written decides."""
    return F.coalesce(text.cast("timestamp").cast("date"), F.substring(text, 1, 10).cast("date"))


def dies_by_midnight() -> Column:
    """In-hospital deaths by instants: a death that has only a date is midnight, before the admission."""
    died_at = F.col("death_date").cast("timestamp")
    return death.is_expired() | F.coalesce(
        died_at.between(F.col("admission_at"), F.col("discharge_at")), F.lit(False)
    )


def first_leg_stays() -> Exclusion:
    """Transfers out, where the first leg of a chain is taken for the last."""
    return Exclusion("transferred_out", ~is_first_leg() | leaves_to_acute_care())


def last_leg_admits() -> Exclusion:
    """Transfers in, where the last leg of a chain is taken for the first."""
    return Exclusion("transferred_in", ~is_last_leg())


# In none of them do the infections change.
MUTANTS = {
    "readmission: 31 days": (readmission, "LAST_DAY", 31),
    "readmission: 29 days": (readmission, "LAST_DAY", 29),
    "readmission: the first leg is the index": (index_admission, "transferred_out", first_leg_stays),
    "mortality: 31 days": (thirty_day, "LAST_DAY", 31),
    "mortality: 29 days": (thirty_day, "LAST_DAY", 29),
    "mortality: the last leg admits": (thirty_day, "transferred_in", last_leg_admits),
    "mortality: the first leg has the death in hospital": (in_hospital, "transferred_out", first_leg_stays),
    "mortality: deaths in hospital by instants": (death, "claims_the_death", dies_by_midnight),
    "length of stay: elapsed days": (days, "midnights", days_by_instant),
}
MUTANTS_OF_EVENTS = {
    "infection: hospital day 4": (onset, "FIRST_HOSPITAL_ONSET_DAY", 4),
    "infection: hospital day 2": (onset, "FIRST_HOSPITAL_ONSET_DAY", 2),
    "infection: 15 days for repeats": (repeat, "TIMEFRAME_DAYS", 15),
}


@pytest.fixture(scope="module")
def deck(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Planted:
    """Return one block of patients, which has every situation: a mutant is caught by a single stay."""
    return plant(spark, tmp_path_factory.mktemp("deck"), SEEDS[:1], BLOCK_SIZE)


@pytest.fixture(scope="module")
def typed_deck(deck: Planted) -> Silver:
    return silver_of(deck.records)


@pytest.fixture(scope="module", autouse=True)
def events(typed_deck: Silver, deck: Planted) -> DataFrame:
    """The infections by the rules as they are; the truth is met, else every mutant would seem to be caught."""
    events = events_of(typed_deck, ALL_ADULT)
    assert different_events(events, deck.truth) == set()
    assert _stays(typed_deck, events, deck) == []
    return events


@pytest.mark.parametrize("name", MUTANTS)
def test_the_truth_catches(
    name: str, monkeypatch: pytest.MonkeyPatch, typed_deck: Silver, events: DataFrame, deck: Planted
) -> None:
    monkeypatch.setattr(*MUTANTS[name])
    assert _stays(typed_deck, events, deck)


@pytest.mark.parametrize("name", MUTANTS_OF_EVENTS)
def test_the_truth_catches_infections(
    name: str, monkeypatch: pytest.MonkeyPatch, typed_deck: Silver, deck: Planted
) -> None:
    monkeypatch.setattr(*MUTANTS_OF_EVENTS[name])
    assert different_events(events_of(typed_deck, ALL_ADULT), deck.truth)


def test_the_truth_catches_dates_cut_in_utc(
    monkeypatch: pytest.MonkeyPatch, events: DataFrame, deck: Planted
) -> None:
    for module in (patient, encounter, condition, stay, link):
        monkeypatch.setattr(module, "local_date", date_in_utc)
    assert _stays(silver_of(deck.records), events, deck)


def _stays(typed: Silver, events: DataFrame, planted: Planted) -> list[tuple[str, str, str, object, object]]:
    decisions = decisions_of(typed, events, ALL_ADULT)
    return different_stays(decisions, planted.truth, planted.as_of)
