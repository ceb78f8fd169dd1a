"""Primary and complementary suppression of the results of one as_of."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from metriccare.definitions.strata import BY_INFECTION
from metriccare.measures.result.suppression.cell import WHOLE, Cell, Place
from metriccare.measures.result.suppression.cycle import Cycles
from metriccare.measures.result.suppression.excluded import may_show_parts, may_show_whole
from metriccare.measures.result.suppression.movement import Moved, movements, tells
from metriccare.measures.result.suppression.network import NOWHERE, Path
from metriccare.measures.result.suppression.protected import Protected, protected
from metriccare.measures.result.suppression.publication import Publication


class Hiding(NamedTuple):
    """What must not be shown, as indexes of the rows.

    Attributes:
        rows: rows whose numbers are hidden.
        maps: rows whose excluded stays are hidden.
    """

    rows: frozenset[int]
    maps: frozenset[int]


def suppress(cells: Sequence[Cell]) -> Hiding:
    """Return what to hide of the results of one as_of, so that no small cell can be computed from the rest."""
    publication = Publication(cells)
    small = _hide_small(publication)
    _complement(publication, small)
    return _hiding(publication)


def primary(cells: Sequence[Cell]) -> Hiding:
    """Return only what is small itself, without its complements: for tests that show that this is not enough."""
    publication = Publication(cells)
    _hide_small(publication)
    return _hiding(publication)


def _hide_small(publication: Publication) -> list[Protected]:
    small = protected(publication)
    for one in small:
        publication.hide(one.base, one.place)
    publication.is_total_open = may_show_whole(publication.cells)
    is_part_hidden = any(publication.cells[index].place != WHOLE for index in publication.hidden)
    publication.are_parts_open = may_show_parts(publication.cells) and not is_part_hidden
    return small


def _hiding(publication: Publication) -> Hiding:
    closed = {
        index
        for index, cell in enumerate(publication.cells)
        if cell.stratum not in BY_INFECTION and not publication.is_open(cell.place)
    }
    return Hiding(frozenset(publication.hidden), frozenset(closed | publication.hidden))


def _complement(publication: Publication, small: list[Protected]) -> None:
    """Give every small cell a cycle of hidden places; where there is none, nothing at all is shown."""
    cycles = Cycles(publication)
    covered: defaultdict[Place, set[Moved]] = defaultdict(set)
    for one in small:
        if any(tells(moved, one) for moved in covered[one.place]):
            continue
        moved, path = _cheapest(cycles, publication, one)
        if not path.steps:
            _hide_everything(publication)
            return
        for place, _ in path.steps:
            covered[place].add(moved)
            for quantity in moved:
                publication.hide(quantity, place)


def _cheapest(cycles: Cycles, publication: Publication, one: Protected) -> tuple[Moved, Path]:
    """Return the movement and the cycle that hide the least more."""
    best: tuple[Moved, Path] = (frozenset(), NOWHERE)
    for moved in movements(publication, one):
        for sign in (1, -1):
            found = cycles.find(moved, one.place, sign, best[1].cost)
            if found.cost < best[1].cost:
                best = moved, found
            if not best[1].cost:
                return best
    return best


def _hide_everything(publication: Publication) -> None:
    publication.hidden.update(range(len(publication.cells)))
    publication.is_total_open = publication.are_parts_open = False
