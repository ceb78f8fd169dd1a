"""Denominators that are the same number everywhere: whoever knows the rules knows it, so they are one quantity.

In profile `simple`, for example, every finished stay counts for lengths of stay and for deaths alike; and where no stay
is excluded, a denominator is the count of all stays.
"""

from collections import defaultdict
from collections.abc import Iterable

from metriccare.definitions.strata import BY_INFECTION, HOSPITAL, HOSPITAL_YEAR
from metriccare.measures.result.suppression.cell import Cell, Place
from metriccare.measures.result.suppression.quantity import ALL_STAYS, Quantity, counts_stays, denominator

Counts = dict[Place, float]


def all_stays(cells: Iterable[Cell]) -> Counts:
    """Return all stays by place: denominator plus excluded, of any measure that counts stays."""
    found: Counts = {}
    for cell in cells:
        if counts_stays(cell.measure) and cell.stratum not in BY_INFECTION:
            stays = (cell.denominator or 0.0) + sum(cell.excluded.values())
            found[cell.place] = max(stays, found.get(cell.place, 0.0))
    return found


def undated(stays: Counts) -> Counts:
    """Return by hospital, as place ("undated", hospital), the stays that are in none of its years."""
    if not any(stratum == HOSPITAL_YEAR for stratum, _ in stays):
        return {}
    left = {("undated", value): number for (stratum, value), number in stays.items() if stratum == HOSPITAL}
    for (stratum, value), number in stays.items():
        if stratum == HOSPITAL_YEAR:
            left["undated", value.rpartition("|")[0]] -= number
    return left


def one_name(cells: Iterable[Cell]) -> dict[Quantity, Quantity]:
    """Return by denominator that counts stays (and `ALL_STAYS`) the name under which equal ones go."""
    everybody = all_stays(cells)
    groups: defaultdict[tuple[str, frozenset[tuple[Place, float]]], list[Quantity]] = defaultdict(list)
    for quantity, counts in _denominators(cells).items():
        profile = "" if counts == everybody else quantity.profile
        groups[profile, frozenset(counts.items())].append(quantity)
    names = {one: min(group) for group in groups.values() for one in group}
    as_everybody = groups.get(("", frozenset(everybody.items())), [ALL_STAYS])
    return names | {ALL_STAYS: min(as_everybody)}


def _denominators(cells: Iterable[Cell]) -> dict[Quantity, Counts]:
    found: defaultdict[Quantity, Counts] = defaultdict(dict)
    for cell in cells:
        if counts_stays(cell.measure) and cell.stratum not in BY_INFECTION:
            found[denominator(cell.measure, cell.profile)][cell.place] = cell.denominator or 0.0
    return found
