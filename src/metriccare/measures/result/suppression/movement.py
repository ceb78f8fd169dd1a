"""Which quantities could move together, so that a protected number changes and what is shown does not."""

from collections.abc import Iterator

from metriccare.measures.result.suppression.protected import Protected
from metriccare.measures.result.suppression.publication import Publication
from metriccare.measures.result.suppression.quantity import ALL_STAYS, Nested, Quantity

Moved = frozenset[Quantity]
"""Quantities of which one more is counted at some places and one less at others."""


def tells(moved: Moved, one: Protected) -> bool:
    """Return whether a movement changes the protected number."""
    return (one.base in moved) != (one.other in moved)


def movements(publication: Publication, one: Protected) -> Iterator[Moved]:
    """Yield what could move: the number alone, with what equals it there, with its parts, with its wholes.

    Each is tried alone and together with all stays of the lake, which no row shows.
    """
    tried: set[Moved] = set()
    sets = (
        {one.base},
        _equals(publication, one, is_upwards=True),
        _equals(publication, one, is_upwards=False),
        _kin(publication, one.base, is_downwards=True),
        _kin(publication, one.base, is_downwards=False),
    )
    for moved in (frozenset(found | more) for found in sets for more in (set[Quantity](), {ALL_STAYS})):
        if moved not in tried and tells(moved, one):
            tried.add(moved)
            yield moved


def _equals(publication: Publication, one: Protected, is_upwards: bool) -> set[Quantity]:
    """Return the base with all that it pushes: wholes it fills when it grows, parts that fill it when it shrinks."""
    tight = [relation for relation in publication.relations if publication.rest(relation, one.place) == 0]
    return _reached(one.base, [_direction(relation, is_upwards) for relation in tight])


def _kin(publication: Publication, base: Quantity, is_downwards: bool) -> set[Quantity]:
    """Return the base with all its parts, or all its wholes, that count the same kind of thing."""
    alike = [one for one in publication.relations if one.whole.kind == one.part.kind]
    return _reached(base, [_direction(relation, not is_downwards) for relation in alike])


def _direction(relation: Nested, is_upwards: bool) -> tuple[Quantity, Quantity]:
    return (relation.part, relation.whole) if is_upwards else (relation.whole, relation.part)


def _reached(base: Quantity, steps: list[tuple[Quantity, Quantity]]) -> set[Quantity]:
    reached, new = {base}, {base}
    while new:
        new = {end for start, end in steps if start in new} - reached
        reached |= new
    return reached
