"""Whether the maps of excluded stays may be shown: those of the whole, and those of its parts, all or none.

The reasons add up over hospitals, and the stays of a place are the same for every measure and profile. So one map tells
about the others, and a half-shown level would have to be completed like the numbers are. It is shown whole or not.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from metriccare.definitions.small_cells import is_small
from metriccare.definitions.strata import ALL, HOSPITAL, HOSPITAL_YEAR, YEAR
from metriccare.measures.result.suppression.cell import WHOLE, Cell, Place

Counts = Mapping[str, float]


def may_show_whole(cells: Iterable[Cell]) -> bool:
    """Return whether no map of the whole has a small entry or a small sum, for any measure and profile."""
    return all(_is_clean(cell.excluded) for cell in cells if cell.place == WHOLE)


def may_show_parts(cells: Iterable[Cell]) -> bool:
    """Return whether no map of a hospital or period is small, nor what stays without a date leave between them."""
    parts = [cell for cell in cells if cell.place != WHOLE]
    return all(_is_clean(cell.excluded) for cell in parts) and all(map(_is_clean, _undated(cells)))


def _is_clean(counts: Counts) -> bool:
    return not any(is_small(count) for count in (*counts.values(), sum(counts.values())))


def _undated(cells: Iterable[Cell]) -> Iterable[Counts]:
    """Yield by measure, profile and hospital (or the whole) what is excluded there and in none of its years."""
    left: defaultdict[tuple[str, str, Place], defaultdict[str, float]] = defaultdict(
        lambda: defaultdict(float)
    )
    for cell in cells:
        owner, sign = _owner(cell)
        if owner:
            for reason, number in cell.excluded.items():
                left[cell.measure, cell.profile, owner][reason] += sign * number
    return left.values()


def _owner(cell: Cell) -> tuple[Place | None, int]:
    """Return the place of which a row is the whole (1) or a year (-1)."""
    if cell.stratum in (ALL, HOSPITAL):
        return cell.place, 1
    if cell.stratum == YEAR:
        return WHOLE, -1
    if cell.stratum == HOSPITAL_YEAR:
        return (HOSPITAL, cell.value.rpartition("|")[0]), -1
    return None, 0
