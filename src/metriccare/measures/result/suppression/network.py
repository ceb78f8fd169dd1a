"""The strata as a network, in which every sum is a node and every published place an edge.

The total flows into hospitals, each hospital into its years, each year into its months, and these flow back into
the total. At every node as much goes in as comes out: that is all that the sums of the strata say about a count.
So a count can be another one than it is if, and only if, it lies on a cycle of hidden places, along which one is
added here and taken away there (Cox, Network models for complementary cell suppression, 1995; the same holds for the
types of infection and their codes, which are a network of their own that meets the other in the total).
"""

from collections.abc import Callable, Collection, Iterable
from heapq import heappop, heappush
from itertools import count
from math import inf
from typing import NamedTuple

from metriccare.definitions import value_sets
from metriccare.definitions.strata import ALL, BY_INFECTION, HOSPITAL, HOSPITAL_YEAR, INFECTION_TYPE, YEAR
from metriccare.measures.result.suppression.cell import WHOLE, Place

Node = tuple[str, str]
Cost = Callable[[Place, int], float]
"""What it costs to change a place upwards (1) or downwards (-1); infinite where it cannot be."""

HOSPITALS, MONTHS, TYPES, CODES, OUTSIDE = (
    ("sum of", name) for name in ("hospitals", "months", "types", "codes", "nothing")
)


class Path(NamedTuple):
    """The cheapest way between two nodes: its cost and the places it changes, each with its direction."""

    cost: float
    steps: tuple[tuple[Place, int], ...]


NOWHERE = Path(inf, ())


class Edge(NamedTuple):
    """A place, from the sum it is a part of to the sum of its parts."""

    place: Place
    tail: Node
    head: Node


class Network:
    """The edges of some places."""

    def __init__(self, edges: Iterable[Edge]) -> None:
        kept = _contracted(list(edges))
        self.edges = {edge.place: edge for edge in kept}
        self.leaving: dict[Node, list[tuple[Place, Node, int]]] = {}
        for place, tail, head in kept:
            self.leaving.setdefault(tail, []).append((place, head, 1))
            self.leaving.setdefault(head, []).append((place, tail, -1))

    def path(self, start: Node, end: Node, cost: Cost, without: Place, limit: float = inf) -> Path:
        """Return the cheapest path that does not use the place `without` (Dijkstra)."""
        best: dict[Node, float] = {start: 0.0}
        came: dict[Node, tuple[Node, Place, int]] = {}
        order = count()
        queue = [(0.0, next(order), start)]
        while queue:
            spent, _, node = heappop(queue)
            if node == end:
                return Path(spent, _steps(came, start, end))
            if spent > best[node]:
                continue
            for place, other, sign in self.leaving.get(node, ()):
                if place == without or best.get(other, inf) <= spent:
                    continue
                total = spent + cost(place, sign)
                if total < limit and total < best.get(other, inf):
                    best[other], came[other] = total, (node, place, sign)
                    heappush(queue, (total, -1 if other == end else next(order), other))
        return NOWHERE

    def cycle(self, place: Place, sign: int, cost: Cost, limit: float = inf) -> Path:
        """Return the cheapest rest of a cycle through a place that is changed in the direction `sign`."""
        edge = self.edges[place]
        ends = (edge.head, edge.tail) if sign > 0 else (edge.tail, edge.head)
        return self.path(*ends, cost, without=place, limit=limit)


def _steps(
    came: dict[Node, tuple[Node, Place, int]], start: Node, end: Node
) -> tuple[tuple[Place, int], ...]:
    steps = []
    while end != start:
        end, place, sign = came[end]
        steps.append((place, sign))
    return tuple(steps)


def _contracted(edges: list[Edge]) -> list[Edge]:
    """Join the nodes of which only the sum or only the parts are there: they say nothing."""
    both = {edge.tail for edge in edges} & {edge.head for edge in edges}
    return [Edge(place, *(node if node in both else OUTSIDE for node in ends)) for place, *ends in edges]


def strata(places: Collection[Place]) -> Network:
    """Return the network of the whole, the hospitals, the years and the months."""
    return Network(_edge(place) for place in sorted(places) if place[0] not in BY_INFECTION)


def infections(places: Collection[Place]) -> Network:
    """Return the network of the types of infection and their codes, closed by the whole."""
    types = {row.code: row.category for row in value_sets.load("infection")}
    edges = [_infection_edge(place, types) for place in sorted(places) if place[0] in BY_INFECTION]
    return Network([*edges, *(Edge(WHOLE, CODES, TYPES) for place in places if edges and place == WHOLE)])


def _edge(place: Place) -> Edge:
    stratum, value = place
    if stratum == ALL:
        return Edge(place, MONTHS, HOSPITALS)
    if stratum == HOSPITAL:
        return Edge(place, HOSPITALS, place)
    if stratum == HOSPITAL_YEAR:
        hospital, _, year = value.rpartition("|")
        return Edge(place, (HOSPITAL, hospital), (YEAR, year))
    if stratum == "undated":
        return Edge(place, (HOSPITAL, value), MONTHS)
    if stratum == YEAR:
        return Edge(place, place, ("months of", value))
    return Edge(place, ("months of", value[:4]), MONTHS)


def _infection_edge(place: Place, types: dict[str, str]) -> Edge:
    stratum, value = place
    if stratum == INFECTION_TYPE:
        return Edge(place, TYPES, place)
    return Edge(place, (INFECTION_TYPE, types.get(value, "")), CODES)
