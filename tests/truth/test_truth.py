"""The generator's truth must be met exactly: per stay, per infection, and in every number."""

import pytest
from pyspark.sql import functions as F
from tests.truth.compare import different_events, different_results, different_stays
from tests.truth.conftest import SEEDS, Gold, Planted, Silver

from metriccare import measures

SOURCES = [f"seed{seed}" for seed in SEEDS]


def test_the_default_as_of_is_the_planted_one(typed: Silver, planted: Planted) -> None:
    assert measures.default_as_of(typed.stays) == planted.as_of


def test_every_stay_is_decided_as_planted(gold: Gold, planted: Planted) -> None:
    assert different_stays(gold.decisions, planted.truth, planted.as_of) == []


def test_every_infection_is_decided_as_planted(gold: Gold, planted: Planted) -> None:
    assert different_events(gold.events, planted.truth) == set()


@pytest.mark.parametrize("source", SOURCES)
def test_every_number_is_the_planted_one(source: str, gold: Gold, typed: Silver, planted: Planted) -> None:
    def mine(frame):  # type: ignore[no-untyped-def]
        return frame.filter(F.col("source") == source)

    stays = mine(typed.stays)
    days = measures.patient_days(stays, planted.as_of, "run")
    results = measures.measure_results(
        mine(gold.decisions), mine(gold.events), days, stays, typed.organizations, planted.as_of, "run"
    )
    assert different_results(results, planted.truth[source]) == []


def test_every_stay_is_counted_or_excluded_for_a_reason(gold: Gold) -> None:
    undecided = gold.decisions.filter(
        " or ".join(
            f"({name}.denominator = ({name}.exclusion is not null)) or ({name}.numerator and not {name}.denominator)"
            for name in ("readmission_30_day", "mortality_in_hospital", "mortality_30_day", "infection")
        )
    )
    assert undecided.count() == 0


def test_numbers_do_not_depend_on_the_order_of_the_stays(gold: Gold, typed: Silver, planted: Planted) -> None:
    days = measures.patient_days(typed.stays, planted.as_of, "run")

    def results(decisions):  # type: ignore[no-untyped-def]
        frame = measures.measure_results(
            decisions, gold.events, days, typed.stays, typed.organizations, planted.as_of, "run"
        )
        return sorted(map(str, frame.collect()))

    assert results(gold.decisions.orderBy("stay_id")) == results(
        gold.decisions.repartition(7, "admission_date")
    )
