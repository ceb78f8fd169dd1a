"""Stays at the edges of calendar and clock, and stays recorded in several encounters."""

from functools import partial

from metriccare.generate import stays
from metriccare.generate.course import Anchor, Course
from metriccare.generate.plan import Hours
from metriccare.generate.scenarios import Scenario, Setting


def placed(setting: Setting, anchor: Anchor) -> Course:
    """A stay of four nights around a special day."""
    return Course([stays.acute_stay(setting.rng, setting.home, length=4)], anchor=anchor)


def same_day(setting: Setting) -> Course:
    """Admitted and discharged on the same day: no midnight, one billing day."""
    first = stays.acute_stay(setting.rng, setting.home, length=0)
    return Course([first, stays.acute_stay(setting.rng, setting.home, after=30)])


def across_midnight(setting: Setting) -> Course:
    """Two hours around midnight: one midnight, a twelfth of a day."""
    stay = stays.acute_stay(setting.rng, setting.home, length=1)
    stay.hours, stay.emergency = Hours.ACROSS_MIDNIGHT, False
    return Course([stay])


def inside_repeated_hour(setting: Setting) -> Course:
    """Ends at an earlier clock time than it starts, since clocks are set back in between."""
    observing = [hospital for hospital in setting.hospitals if hospital.changes_clock]
    stay = stays.acute_stay(setting.rng, setting.rng.pick(observing), length=0)
    stay.hours, stay.emergency = Hours.REPEATED_HOUR, False
    return Course([stay], anchor=Anchor.AUTUMN)


def in_fragments(setting: Setting) -> Course:
    """One stay recorded as two overlapping encounters, and a readmission on day 30."""
    first = stays.acute_stay(setting.rng, setting.home, length=5)
    first.fragments = 2
    return Course([first, stays.acute_stay(setting.rng, setting.home, after=30)])


def with_intensive_care(setting: Setting) -> Course:
    """A stay with an ICU segment, which is part of the stay and not a stay itself."""
    stay = stays.acute_stay(setting.rng, setting.home, length=6)
    stay.intensive_care = True
    return Course([stay])


SCENARIOS: dict[str, Scenario] = {
    "across a year's end": partial(placed, anchor=Anchor.YEAR_END),
    "across the clock change in spring": partial(placed, anchor=Anchor.SPRING),
    "across the clock change in autumn": partial(placed, anchor=Anchor.AUTUMN),
    "inside the repeated hour": inside_repeated_hour,
    "same-day stay": same_day,
    "across midnight": across_midnight,
    "written in fragments": in_fragments,
    "with intensive care": with_intensive_care,
}
