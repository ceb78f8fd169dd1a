"""The small cells: what must neither be shown nor be computable (MEASURES 6)."""

from collections.abc import Iterator
from typing import NamedTuple

from metriccare.definitions import measures as d
from metriccare.definitions.small_cells import is_small
from metriccare.definitions.strata import ALL, CODE, HOSPITAL, HOSPITAL_YEAR, INFECTION_TYPE, MONTH, YEAR
from metriccare.measures.result.suppression.cell import Place
from metriccare.measures.result.suppression.publication import Publication
from metriccare.measures.result.suppression.quantity import (
    ALL_STAYS,
    DAYS,
    LENGTHS,
    STAYS,
    Nested,
    People,
    Quantity,
    denominator,
    numerator,
)

COARSE_FIRST = (ALL, HOSPITAL, YEAR, INFECTION_TYPE, MONTH, CODE, HOSPITAL_YEAR)


class Protected(NamedTuple):
    """A number that must stay unknown.

    Attributes:
        place: stratum and value.
        base: the quantity that is hidden there.
        other: the number is the difference between this one and `base`; None where it is `base` itself.
    """

    place: Place
    base: Quantity
    other: Quantity | None


def protected(publication: Publication) -> list[Protected]:
    """Return every small cell: counts, differences of nested counts, and the days of few stays; coarse strata first."""
    behind = _cases_of_days(publication)
    found = [
        *(Protected(place, one, None) for place, one in _counts(publication, behind)),
        *(_rest(publication, one, place) for one, place in _rests(publication, behind)),
    ]
    return sorted(found, key=_order)


def _order(one: Protected) -> tuple[bool, int, Place, bool, Quantity, Quantity]:
    is_events = one.base.kind not in (STAYS, DAYS)  # the denominators hide the most rows, so they come first
    return (
        one.base == ALL_STAYS,
        COARSE_FIRST.index(one.place[0]),
        one.place,
        is_events,
        one.base,
        one.other or one.base,
    )


def _cases_of_days(publication: Publication) -> dict[Quantity, Quantity]:
    """Return by quantity in days the stays that they are the days of."""
    found = {}
    for cell in publication.cells:
        cases = publication.named(denominator(cell.measure, cell.profile))
        if d.MEASURES[cell.measure].kind in d.DAYS:
            found[numerator(cell.measure, cell.profile)] = cases
        if cell.measure == d.INFECTION_PATIENT_DAYS:
            found[cases] = publication.named(Quantity(STAYS, cell.profile, LENGTHS))
    return found


def _counts(publication: Publication, behind: dict[Quantity, Quantity]) -> Iterator[tuple[Place, Quantity]]:
    for quantity in publication.quantities():
        if quantity == ALL_STAYS:
            continue
        for place in publication.places:
            counted = behind.get(quantity, quantity)
            if publication.has(quantity, place) and is_small(publication.value(counted, place)):
                yield place, quantity


def _rests(publication: Publication, behind: dict[Quantity, Quantity]) -> Iterator[tuple[Nested, Place]]:
    for one in publication.relations:
        if not one.is_protected:
            continue
        for place in publication.places:
            if publication.rest(one, place) and is_small(_people(publication, one, place, behind)):
                yield one, place


def _people(publication: Publication, one: Nested, place: Place, behind: dict[Quantity, Quantity]) -> float:
    """Return how many people a difference is about."""
    if one.people == People.OPEN:
        return publication.open_stays.get(place, 0)
    if one.people == People.BEHIND:
        one = one._replace(whole=behind.get(one.whole, one.whole), part=behind.get(one.part, one.part))
    return publication.rest(one, place) or 0.0


def _rest(publication: Publication, one: Nested, place: Place) -> Protected:
    """Prefer to hide the quantity the relation names, but a zero hides nothing."""
    base = one.hide if publication.value(one.hide, place) > 0 else one.whole
    return Protected(place, base, one.part if base == one.whole else one.whole)
