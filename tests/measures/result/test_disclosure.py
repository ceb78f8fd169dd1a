"""An attack on what is published: can a small cell be recomputed from everything shown, for all strata (MEASURES 6)?

The lakes are drawn at random, each with all its measures and profiles; the attacker is in attacker.py.
"""

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from tests.measures.result.attacker import Attacker
from tests.measures.result.small_lake import PROFILES, Shape, results

from metriccare.measures.result.suppression import Cell, Hiding, primary, suppress

STAYS = (5, 12, 25, 50, 100, 200, 300)
RARITY = (0.0, 0.1, 0.3, 1.0, 2.0, 4.0)


def drawn(seed: int, most_hospitals: int = 4, most_years: int = 2) -> list[Cell]:
    """Return the results of a lake whose shape is drawn too."""
    draw = np.random.default_rng(seed)
    shape = Shape(
        stays=int(draw.choice(STAYS)),
        hospitals=int(draw.integers(1, most_hospitals + 1)),
        years=int(draw.integers(1, most_years + 1)),
        months=int(draw.integers(1, 4)),
        rarity=float(draw.choice(RARITY)),
        profiles=tuple(PROFILES)[: int(draw.integers(1, len(PROFILES) + 1))],
    )
    return results(seed, shape)


def recomputed(cells: Sequence[Cell], hide: Callable[[Sequence[Cell]], Hiding]) -> list[str]:
    """Return the small cells that can be computed from what is published."""
    hiding = hide(cells)
    return Attacker(cells, hiding.rows, hiding.maps).recomputed()


@pytest.mark.parametrize("first", range(0, 120, 15))
def test_no_small_cell_can_be_recomputed(first: int) -> None:
    broken = {
        seed: found for seed in range(first, first + 15) if (found := recomputed(drawn(seed), suppress))
    }
    assert not broken


@pytest.mark.long
@pytest.mark.parametrize("first", range(1000, 3000, 100))
def test_no_small_cell_of_many_more_lakes_can_be_recomputed(first: int) -> None:
    lakes = {seed: drawn(seed, most_hospitals=7, most_years=4) for seed in range(first, first + 100)}
    assert not {seed: found for seed, cells in lakes.items() if (found := recomputed(cells, suppress))}


def test_the_attack_succeeds_where_only_small_cells_are_hidden() -> None:
    """A test of the test: without complements, numbers come out in many of these lakes."""
    assert sum(bool(recomputed(drawn(seed), primary)) for seed in range(12)) >= 4


def test_the_attack_finds_the_one_hidden_hospital() -> None:
    cells = [
        Cell("mortality_in_hospital", "all_adult", stratum, value, events, 1000.0, {})
        for stratum, value, events in (
            ("all", "all", 45.0),
            ("hospital", "H1", 5.0),
            ("hospital", "H2", 40.0),
        )
    ]
    cells[0] = cells[0]._replace(denominator=2000.0)
    assert any("'H1'" in found for found in Attacker(cells, {1}, {0, 1, 2}).recomputed())
    assert not Attacker(cells, {1, 2}, {0, 1, 2}).recomputed()


def test_nothing_is_hidden_where_nothing_is_small() -> None:
    cells = results(1, Shape(stays=600, hospitals=1, years=1, months=1, rarity=0.0, profiles=("simple",)))
    assert suppress(cells) == (set(), set())


def test_deaths_in_simple_are_not_told_by_the_stays_that_readmission_leaves_out() -> None:
    """There the dead are all that readmission leaves out (MEASURES 1.4), so the two must not have different covers."""
    deaths = {"H1": 5, "H2": 30, "H3": 40}
    numbers = {name: (1000.0, dead) for name, dead in deaths.items()} | {
        "all": (3000.0, sum(deaths.values()))
    }
    cells = [
        Cell(measure, "simple", "all" if name == "all" else "hospital", name, events, cases, out)
        for name, (stays, dead) in numbers.items()
        for measure, events, cases, out in (
            ("length_of_stay_billing", 5 * stays, stays, {}),
            ("mortality_in_hospital", float(dead), stays, {}),
            ("readmission_30_day", 100.0, stays - dead, {"died_in_hospital": dead}),
        )
    ]
    assert not recomputed(cells, suppress)
