"""What would be published: which quantity is shown where, by which rows, and what has been hidden so far."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from metriccare.definitions import strata
from metriccare.definitions.decision_codes import Reason
from metriccare.definitions.strata import BY_INFECTION, BY_PERIOD
from metriccare.measures.result.suppression.cell import WHOLE, Cell, Place
from metriccare.measures.result.suppression.equal import all_stays, one_name, undated
from metriccare.measures.result.suppression.quantity import (
    ALL_STAYS,
    Nested,
    Quantity,
    also_tells,
    denominator,
    nested,
    numerator,
)

COST = {
    strata.HOSPITAL_YEAR: 1000.0,
    strata.MONTH: 1000.0,
    strata.CODE: 1000.0,
    strata.INFECTION_TYPE: 2000.0,
    strata.YEAR: 4000.0,
    strata.HOSPITAL: 4000.0,
    strata.ALL: 100000.0,
}
"""What hiding a row costs by stratum, so that fine strata give way first; the denominator decides among equals."""

DENOMINATOR_CAP = 999.0


class Publication:
    """The rows of one as_of. Rows can only be hidden, never shown again.

    Attributes:
        cells: the rows.
        weights: what hiding each row costs.
        hidden: index of each hidden row.
        relations: which quantities contain which.
        places: the strata values there are.
        is_total_open: whether the maps of excluded stays of the whole are shown.
        are_parts_open: whether those of all other strata are shown.
        open_stays: how many stays have not ended, by place.
    """

    def __init__(self, cells: Sequence[Cell]) -> None:
        self.cells = cells
        self.weights = [_weight(cell) for cell in cells]
        self.hidden: set[int] = set()
        self.is_total_open = self.are_parts_open = True
        self._name = one_name(cells)
        self.relations = self._renamed(nested({(cell.measure, cell.profile) for cell in cells}))
        self.places = sorted({cell.place for cell in cells})
        self.open_stays = _open_stays(cells)
        self._values: dict[tuple[Quantity, Place], float] = {}
        self._rows: defaultdict[tuple[Quantity, Place], list[int]] = defaultdict(list)
        for index, cell in enumerate(cells):
            self._add(index, cell)
        self.touching = _by_member(self.relations)
        self._add_everybody()

    def _add(self, index: int, cell: Cell) -> None:
        cases = self.named(denominator(cell.measure, cell.profile))
        events = numerator(cell.measure, cell.profile)
        of_cases = WHOLE if cell.stratum in BY_INFECTION else cell.place
        self._rows[cases, of_cases].append(index)
        for told in also_tells(cell.measure, cell.profile):
            self._rows[told, cell.place].append(index)
        if cell.denominator is not None:
            self._values.setdefault((cases, of_cases), cell.denominator)
        if cell.numerator is not None:
            self._rows[events, cell.place].append(index)
            self._values[events, cell.place] = cell.numerator

    def named(self, quantity: Quantity) -> Quantity:
        """Return the name under which a quantity goes here; quantities that are equal everywhere are one."""
        return self._name.get(quantity, quantity)

    def _renamed(self, relations: Iterable[Nested]) -> list[Nested]:
        """Rename relations; where all stays are a shown denominator, a small rest hides the part of them."""
        found: dict[tuple[Quantity, Quantity], Nested] = {}
        for one in sorted(relations, key=lambda one: one.whole == ALL_STAYS):
            whole, part, hide = map(self.named, one[:3])
            gives_way = part if one.hide == ALL_STAYS != hide else hide
            if whole != part:
                found.setdefault((whole, part), Nested(whole, part, gives_way, *one[3:]))
        return sorted(found.values())

    def _add_everybody(self) -> None:
        """Add all stays, unless they are a denominator; those without a date get a place that no row shows."""
        if self.named(ALL_STAYS) == ALL_STAYS:
            stays = all_stays(self.cells)
            stays |= undated(stays)
            self._values.update({(ALL_STAYS, place): number for place, number in stays.items()})
            self.places = sorted({*self.places, *stays})

    def quantities(self) -> list[Quantity]:
        """Return every quantity, all stays of the lake among them."""
        return sorted({quantity for quantity, _ in self._values})

    def has(self, quantity: Quantity, place: Place) -> bool:
        """Return whether a quantity has a row (or stays) at a place."""
        return (quantity, place) in self._values

    def value(self, quantity: Quantity, place: Place) -> float:
        """Return a quantity at a place; no row means zero."""
        return self._values.get((quantity, place), 0.0)

    def rest(self, relation: Nested, place: Place) -> float | None:
        """Return whole minus part at a place; None where one of them has no row, or one is not part of the other."""
        if place[0] in BY_PERIOD and not relation.holds_in_periods:
            return None
        if not (self.has(relation.whole, place) and self.has(relation.part, place)):
            return None
        return self.value(relation.whole, place) - self.value(relation.part, place)

    def hide(self, quantity: Quantity, place: Place) -> None:
        """Hide every row that shows a quantity at a place."""
        self.hidden.update(self._rows.get((quantity, place), ()))

    def is_open(self, place: Place) -> bool:
        """Return whether the maps of excluded stays, and so all stays, are shown at a place."""
        return self.is_total_open if place == WHOLE else self.are_parts_open

    def rows(self, quantities: Iterable[Quantity], place: Place) -> tuple[int, ...]:
        """Return the rows that show one of these quantities at a place."""
        rows = (self._rows.get((one, place), ()) for one in quantities)
        return tuple({index for found in rows for index in found})


def _open_stays(cells: Iterable[Cell]) -> dict[Place, int]:
    found: dict[Place, int] = {}
    for cell in cells:
        found[cell.place] = max(found.get(cell.place, 0), cell.excluded.get(Reason.NOT_FINISHED, 0))
    return found


def _weight(cell: Cell) -> float:
    return COST[cell.stratum] + min(cell.denominator or 0.0, DENOMINATOR_CAP)


def _by_member(relations: Iterable[Nested]) -> dict[Quantity, list[Nested]]:
    found: defaultdict[Quantity, list[Nested]] = defaultdict(list)
    for one in relations:
        found[one.whole].append(one)
        found[one.part].append(one)
    return dict(found)
