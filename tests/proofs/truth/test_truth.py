"""The generator's truth must be met exactly: per stay, per infection, and in every number."""

import pytest
from tests.proofs.truth.compare import different_events, different_results, different_stays
from tests.proofs.truth.planted import SEEDS, Gold, Planted
from tests.support.builders import Silver, patient_days
from tests.support.results import cells
from tests.support.tables import Rows

from metriccare import measures

SOURCES = [f"seed{seed}" for seed in SEEDS]

Tables = tuple[Rows, ...]


@pytest.fixture(scope="module")
def tables(gold: Gold, typed: Silver, planted: Planted) -> Tables:
    """Return what the numbers are made of."""
    days = patient_days(typed.stay, planted.as_of)
    return gold.decisions, gold.events, days, typed.stay, typed.organization


def numbers(tables: Tables, planted: Planted) -> Rows:
    return Rows(measures.measure_results(cells(*tables, planted.as_of), planted.as_of, "run"))


def test_the_default_as_of_is_the_planted_one(typed: Silver, planted: Planted) -> None:
    assert measures.default_as_of(typed.stay.table) == planted.as_of


def test_every_stay_is_decided_as_planted(gold: Gold, planted: Planted) -> None:
    assert different_stays(gold.decisions, planted.truth, planted.as_of) == []


def test_every_infection_is_decided_as_planted(gold: Gold, planted: Planted) -> None:
    assert different_events(gold.events, planted.truth) == set()


@pytest.mark.parametrize("source", SOURCES)
def test_every_number_is_the_planted_one(source: str, tables: Tables, planted: Planted) -> None:
    *mine, organizations = tables
    results = numbers((*(rows.filter(f"source = '{source}'") for rows in mine), organizations), planted)
    assert different_results(results, planted.truth[source]) == []


def test_every_stay_is_counted_or_excluded_for_a_reason(gold: Gold) -> None:
    undecided = gold.decisions.filter(
        " or ".join(
            f"({name}.denominator = ({name}.exclusion is not null)) or ({name}.numerator and not {name}.denominator)"
            for name in ("readmission_30_day", "mortality_in_hospital", "mortality_30_day", "infection")
        )
    )
    assert undecided.count() == 0


def test_numbers_do_not_depend_on_the_order_of_the_stays(tables: Tables, planted: Planted) -> None:
    decisions, *others = tables

    def results(column: str) -> list[str]:
        ordered = Rows(decisions.table.sort_by(column))
        return sorted(map(str, numbers((ordered, *others), planted).collect()))

    assert results("stay_id") == results("admission_date")


def test_cms_like_decides_as_all_adult_does_for_those_it_counts(gold: Gold) -> None:
    """Age and length apart, the two profiles share every rule; so a patient of 65 to 94 counts alike."""
    names = ("readmission_30_day", "mortality_in_hospital", "mortality_30_day", "infection")

    def of_age(profile: str) -> dict[tuple[str, str], list[object]]:
        rows = gold.decisions.filter(f"age BETWEEN 65 AND 94 AND profile = '{profile}'").collect()
        return {(row.source, row.stay_id): [row[name] for name in names] for row in rows}

    all_adult = of_age("all_adult")
    assert len(all_adult) > 1000
    assert all_adult == of_age("cms_like")


def test_only_cms_like_leaves_out_the_younger(gold: Gold) -> None:
    younger = gold.decisions.filter("age BETWEEN 18 AND 64 AND NOT infection.denominator")
    assert reasons(younger.filter("profile = 'cms_like'")) == {"under_65", "not_finished"}
    assert reasons(younger.filter("profile <> 'cms_like'")) == {"not_finished"}


def reasons(decisions: Rows) -> set[str]:
    return {row.infection.exclusion for row in decisions.collect()}
