"""The planted situations: each is a short course whose labels a rule decides at its edge.

Every `DECK_SIZE` patients are dealt from one shuffled deck that holds every situation; the rest of its cards
are ordinary courses. So each edge occurs in every thousand patients, whatever the seed.
"""

from collections.abc import Callable
from dataclasses import dataclass

from metriccare.generate.course import Course
from metriccare.generate.draw import Draw
from metriccare.generate.plan import Hospital


@dataclass(frozen=True)
class Place:
    """What a situation can draw on: the stream of chance, all hospitals and the patient's own."""

    draw: Draw
    hospitals: tuple[Hospital, ...]
    home: Hospital


Situation = Callable[[Place], Course]
