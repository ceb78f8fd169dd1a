"""The certificate of a hidden number: other true numbers that would have led to the same publication.

Quantities are moved together along a cycle of hidden places: one more here, one less there. That is possible where
none becomes negative and no part outgrows its whole. Whoever knows all sums and all that is shown can then not tell
which of the two is true. What is hidden later takes no certificate away.
"""

from collections.abc import Callable
from math import inf

from metriccare.measures.result.suppression.cell import WHOLE, Place
from metriccare.measures.result.suppression.movement import Moved
from metriccare.measures.result.suppression.network import NOWHERE, Cost, Network, Path, infections, strata
from metriccare.measures.result.suppression.publication import Publication
from metriccare.measures.result.suppression.quantity import ALL_STAYS, EVENTS, Quantity

ZERO_COST = 1e6
"""A hidden zero is a poor cover: what it covers is known as a sum."""


class Cycles:
    """Finds cycles in the strata of one publication."""

    def __init__(self, publication: Publication) -> None:
        self.publication = publication
        self.strata = strata(publication.places)
        self.infections = infections(publication.places)
        self._prices: dict[Moved, dict[tuple[Place, int], tuple[float, tuple[int, ...]]]] = {}
        self._by_type = {one for one in publication.quantities() if self._has_types(one)}

    def _has_types(self, quantity: Quantity) -> bool:
        places = set(self.infections.edges) - {WHOLE}
        return quantity.kind == EVENTS and any(self.publication.has(quantity, place) for place in places)

    def find(self, moved: Moved, place: Place, sign: int, limit: float = inf) -> Path:
        """Return the cheapest cycle through a place along which these quantities can move, that place included."""
        cost = self._cost(moved)
        own = cost(place, sign)
        if own >= limit:
            return NOWHERE
        networks = [self.strata, self.infections] if moved & self._by_type else [self.strata]
        home = [network for network in networks if place in network.edges]
        across = _crossing(cost, networks, home)
        rests = [network.cycle(place, sign, across, limit) for network in home]
        steps = [(place, sign), *(step for rest in rests for step in rest.steps)]
        for direction in (one for at, one in steps[1:] if at == WHOLE):
            steps += [
                step for one in _others(networks, home) for step in one.cycle(WHOLE, direction, cost).steps
            ]
        return Path(own + sum(rest.cost for rest in rests), tuple(steps))

    def _cost(self, moved: Moved) -> Cost:
        """Return what a change costs: the rows that must still be hidden for it."""
        prices = self._prices.setdefault(moved, {})
        hidden, weights = self.publication.hidden, self.publication.weights

        def cost(place: Place, sign: int) -> float:
            price = prices.get((place, sign))
            if price is None:
                rows = self.publication.rows(moved, place)
                price = prices[place, sign] = (self._allowed(moved, place, sign), rows)
            total, rows = price
            if total < inf:
                for row in rows:
                    if row not in hidden:
                        total += weights[row]
            return total

        return cost

    def _allowed(self, moved: Moved, place: Place, sign: int) -> float:
        """Return 0 where these quantities can change together, more where one of them is zero, else infinity."""
        known = self.publication
        if ALL_STAYS in moved and known.is_open(place):
            return inf
        if not all(known.has(one, place) and self._leaves_room(one, moved, place, sign) for one in moved):
            return inf
        zeros = [one for one in moved if known.value(one, place) <= 0]
        return inf if zeros and sign < 0 else ZERO_COST * len(zeros)

    def _leaves_room(self, one: Quantity, moved: Moved, place: Place, sign: int) -> bool:
        for relation in self.publication.touching.get(one, ()):
            if relation.whole in moved and relation.part in moved:
                continue
            narrows = (relation.part == one) == (sign > 0)
            rest = self.publication.rest(relation, place)
            if narrows and rest is not None and rest <= 0:
                return False
        return True


def _others(networks: list[Network], home: list[Network]) -> list[Network]:
    return [network for network in networks if network not in home]


def _crossing(cost: Cost, networks: list[Network], home: list[Network]) -> Callable[[Place, int], float]:
    """Changing the whole changes it in both networks, so it costs a cycle in the other one too."""
    others = _others(networks, home)
    if not others:
        return cost
    rests = {sign: sum(one.cycle(WHOLE, sign, cost).cost for one in others) for sign in (1, -1)}

    def across(place: Place, sign: int) -> float:
        return cost(place, sign) + (rests[sign] if place == WHOLE else 0.0)

    return across
