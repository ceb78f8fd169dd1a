"""The generator's truth must be met exactly: per stay, per infection, and in every number."""

import pytest
from pyspark.sql import functions as F
from tests.proofs.truth.compare import different_events, different_results, different_stays
from tests.proofs.truth.planted import SEEDS, Gold, Planted, Silver

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


def test_cms_like_decides_as_all_adult_does_for_those_it_counts(gold: Gold) -> None:
    """Age and length apart, the two profiles share every rule; so a patient of 65 to 94 counts alike."""
    names = ("readmission_30_day", "mortality_in_hospital", "mortality_30_day", "infection")
    of_age = gold.decisions.filter("age between 65 and 94").select("source", "stay_id", "profile", *names)
    all_adult, cms_like = (of_age.filter(F.col("profile") == one) for one in ("all_adult", "cms_like"))
    assert all_adult.count() > 1000
    assert all_adult.drop("profile").exceptAll(cms_like.drop("profile")).count() == 0


def test_only_cms_like_leaves_out_the_younger(gold: Gold) -> None:
    younger = gold.decisions.filter("age between 18 and 64").filter("not infection.denominator")
    reasons = {
        (row.profile, row.reason)
        for row in younger.select("profile", F.col("infection.exclusion").alias("reason"))
        .distinct()
        .collect()
    }
    assert {reason for profile, reason in reasons if profile == "cms_like"} == {"under_65", "not_finished"}
    assert {reason for profile, reason in reasons if profile != "cms_like"} == {"not_finished"}
