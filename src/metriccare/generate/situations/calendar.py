"""Stays at the edges of the calendar and the clock, and other ways in which encounters are written."""

from functools import partial

from metriccare.generate import stays
from metriccare.generate.course import Anchor, Course
from metriccare.generate.plan import Hours
from metriccare.generate.situations import Place, Situation


def placed(place: Place, anchor: Anchor) -> Course:
    """A stay of four nights put on a special day."""
    return Course([stays.acute_stay(place.draw, place.home, length=4)], anchor=anchor)


def same_day(place: Place) -> Course:
    """Admitted and discharged on one day: no midnight, one billing day."""
    first = stays.acute_stay(place.draw, place.home, length=0)
    return Course([first, stays.acute_stay(place.draw, place.home, after=30)])


def across_midnight(place: Place) -> Course:
    """Two hours around midnight: one midnight, a twelfth of a day."""
    stay = stays.acute_stay(place.draw, place.home, length=1)
    stay.hours, stay.emergency = Hours.ACROSS_MIDNIGHT, False
    return Course([stay])


def inside_repeated_hour(place: Place) -> Course:
    """Ends at an earlier clock time than it began, since the clock went back in between."""
    observing = [hospital for hospital in place.hospitals if hospital.changes_clock]
    stay = stays.acute_stay(place.draw, place.draw.pick(observing), length=0)
    stay.hours, stay.emergency = Hours.REPEATED_HOUR, False
    return Course([stay], anchor=Anchor.AUTUMN)


def in_fragments(place: Place) -> Course:
    """One stay that the hospital wrote as two overlapping encounters, and a readmission on day 30."""
    first = stays.acute_stay(place.draw, place.home, length=5)
    first.fragments = 2
    return Course([first, stays.acute_stay(place.draw, place.home, after=30)])


def with_intensive_care(place: Place) -> Course:
    """A stay with an ICU segment, which is part of it and no stay of its own."""
    stay = stays.acute_stay(place.draw, place.home, length=6)
    stay.intensive_care = True
    return Course([stay])


SITUATIONS: dict[str, Situation] = {
    "across a year's end": partial(placed, anchor=Anchor.YEAR_END),
    "across the clock change in spring": partial(placed, anchor=Anchor.SPRING),
    "across the clock change in autumn": partial(placed, anchor=Anchor.AUTUMN),
    "inside the repeated hour": inside_repeated_hour,
    "same-day stay": same_day,
    "across midnight": across_midnight,
    "written in fragments": in_fragments,
    "with intensive care": with_intensive_care,
}
