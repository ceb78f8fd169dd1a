"""Deals every patient a course: each block of patients holds every planted situation equally often."""

from functools import lru_cache

from metriccare.generate.course import Course
from metriccare.generate.draw import Draw
from metriccare.generate.ordinary import ordinary_course
from metriccare.generate.parameters import CARDS_PER_SITUATION, DECK_SIZE
from metriccare.generate.plan import Hospital
from metriccare.generate.situations import (
    Place,
    Situation,
    calendar,
    deaths,
    exclusions,
    infections,
    readmissions,
    transfers,
)

SITUATIONS: dict[str, Situation] = {
    **readmissions.SITUATIONS,
    **exclusions.SITUATIONS,
    **transfers.SITUATIONS,
    **deaths.SITUATIONS,
    **infections.SITUATIONS,
    **calendar.SITUATIONS,
}
AS_OF_SITUATION = "discharged 0 days before the end"
ORDINARY = "ordinary"


def situation_of(seed: int, number: int) -> str:
    """Return the name of the situation dealt to patient `number`.

    The first patient is always discharged on the last day of the window: so the newest discharge, the default
    as_of of the pipeline, is known before anything is drawn.
    """
    if number == 0:
        return AS_OF_SITUATION
    return _shuffled(seed, number // DECK_SIZE)[number % DECK_SIZE]


def deal(draw: Draw, name: str, hospitals: tuple[Hospital, ...], home: Hospital) -> Course:
    """Return the course of a situation, or an ordinary one."""
    if name == ORDINARY:
        return ordinary_course(draw, hospitals, home)
    return SITUATIONS[name](Place(draw, hospitals, home))


@lru_cache(maxsize=2)
def _shuffled(seed: int, block: int) -> list[str]:
    cards = [name for name in SITUATIONS for _ in range(CARDS_PER_SITUATION)]
    cards += [ORDINARY] * (DECK_SIZE - len(cards))
    Draw(seed, -1 - block).shuffle(cards)
    return cards
