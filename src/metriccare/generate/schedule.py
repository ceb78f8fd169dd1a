"""Places a course on the calendar: dates from distances, times of day, truncation at the end of the window."""

from datetime import date

from metriccare.generate import vocabulary
from metriccare.generate.course import Anchor, Course
from metriccare.generate.dates import Window, clock_change, year_of
from metriccare.generate.parameters import LAST_MORTALITY_DAY, MODEL
from metriccare.generate.plan import Hours, StayPlan, event_day
from metriccare.generate.rng import Rng

_FOLLOW_UP = LAST_MORTALITY_DAY + 2
_EARLIEST_EVENT = 10
# Ranges of the minutes of admission and discharge, from local midnight.
_HOURS = {
    Hours.ACROSS_MIDNIGHT: ((1380, 1435), (5, 55)),
    Hours.REPEATED_HOUR: ((95, 115), (62, 90)),
    Hours.LATE: ((1390, 1430), (1400, 1430)),
    Hours.EARLY: ((5, 40), (540, 899)),
}
_USUAL_ADMISSION, _USUAL_DISCHARGE = (420, 1409), (540, 899)
_SAME_DAY_ADMISSION, _SAME_DAY_LENGTH = (360, 600), (120, 300)
# On the day another stay ended, a patient arrives after 16:00, so that the order also holds across time zones.
_ARRIVAL_AFTER_STAY, _DEPARTURE_BY_TRANSFER = (960, 1139), (480, 749)


def schedule(rng: Rng, course: Course, window: Window) -> None:
    """Set the dates and times of all stays and drop what lies beyond the end of the window."""
    _assign_days(course, _first_day(rng, course, window))
    _truncate(rng, course, window.end)
    _link_chains(course.stays)
    for number, stay in enumerate(course.stays):
        _set_clock(rng, stay, follows_on_the_day=number > 0 and stay.after <= 0)


def _first_day(rng: Rng, course: Course, window: Window) -> int:
    _assign_days(course, 0)
    last = course.stays[-1]
    match course.anchor:
        case Anchor.ANYWHERE:
            return rng.between(window.start + _EARLIEST_EVENT, window.end)
        case Anchor.LAST_DISCHARGE:
            return window.end - course.anchor_days - last.discharge_day
        case Anchor.LAST_ADMISSION:
            return window.end - course.anchor_days - last.admission_day
        case Anchor.INSIDE:
            return rng.between(window.start + _EARLIEST_EVENT, window.end - _span(course) - _FOLLOW_UP)
    return _special_day(rng, course.anchor, window)


def _span(course: Course) -> int:
    """Return the days from the first admission to the last event of a course placed on day 0."""
    days = [stay.discharge_day for stay in course.stays] + ([course.death.day] if course.death else [])
    return max(days) + max((contact.after for contact in course.contacts), default=0)


def _special_day(rng: Rng, anchor: Anchor, window: Window) -> int:
    year = rng.between(year_of(window.start) + 1, year_of(window.end) - 1)
    if anchor is Anchor.YEAR_END:
        return date(year, 12, 31).toordinal() - 2
    change = clock_change(year, spring=anchor is Anchor.SPRING)
    return change - 1 if anchor is Anchor.SPRING else change


def _assign_days(course: Course, first_day: int) -> None:
    """Convert distances to dates; `after` counts from the previous acute discharge."""
    origin = first_day - course.stays[0].after
    acute_seen = False
    for stay in course.stays:
        stay.admission_day = origin + stay.after
        stay.discharge_day = stay.admission_day + stay.nights
        if stay.acute or not acute_seen:
            origin = stay.discharge_day
        acute_seen = acute_seen or stay.acute


def _truncate(rng: Rng, course: Course, end: int) -> None:
    """Drop what happens after the last day of the window; a stay that continues beyond it is open."""
    course.stays = [stay for stay in course.stays if stay.admission_day <= end]
    if course.death and (course.death.stay not in course.stays or course.death.day > end):
        course.death.stay.dies = False
        course.death = None
    for stay in course.stays:
        if stay.discharge_day > end:
            stay.status = "onleave" if rng.chance(MODEL.on_leave) else "in-progress"
        stay.infections = [item for item in stay.infections if (event_day(stay, item) or 0) <= end]


def _link_chains(stays: list[StayPlan]) -> None:
    """Link each acute stay to its next leg or the next acute admission, and to the first leg of its chain."""
    previous: StayPlan | None = None
    for stay in stays:
        if not stay.acute:
            continue
        stay.first_leg = stay
        if previous is not None and stay.is_transfer:
            previous.next_leg, stay.first_leg = stay, previous.first_leg
            if stay.open:
                # If the receiving stay has no end, only the disposition shows the transfer.
                previous.disposition = vocabulary.codes_of("discharge_disposition", "acute_transfer")[0]
        elif previous is not None:
            previous.next_acute = stay
        previous = stay


def _set_clock(rng: Rng, stay: StayPlan, follows_on_the_day: bool) -> None:
    if stay.hours in _HOURS:
        admission, discharge = _HOURS[stay.hours]
    elif follows_on_the_day:
        admission, discharge = _ARRIVAL_AFTER_STAY, _USUAL_DISCHARGE
    else:
        admission, discharge = (_USUAL_ADMISSION if stay.nights else _SAME_DAY_ADMISSION), _USUAL_DISCHARGE
    if stay.next_leg is not None and stay.nights:
        discharge = _DEPARTURE_BY_TRANSFER
    stay.admission_minute = rng.between(*admission)
    stay.discharge_minute = rng.between(*discharge)
    if stay.nights == 0 and stay.hours is Hours.USUAL:
        stay.discharge_minute = stay.admission_minute + rng.between(*_SAME_DAY_LENGTH)
