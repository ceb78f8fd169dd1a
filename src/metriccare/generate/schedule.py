"""Puts a course on the calendar: days from distances, clock times, and the cut at the end of the window."""

from datetime import date

from metriccare.generate import vocabulary
from metriccare.generate.course import Anchor, Course
from metriccare.generate.dates import Window, clock_change, year_of
from metriccare.generate.draw import Draw
from metriccare.generate.parameters import LAST_MORTALITY_DAY, MODEL
from metriccare.generate.plan import Hours, StayPlan, event_day

_FOLLOW_UP = LAST_MORTALITY_DAY + 2
_EARLIEST_EVENT = 10
# The ranges of the minutes of admission and of discharge, from local midnight.
_HOURS = {
    Hours.ACROSS_MIDNIGHT: ((1380, 1435), (5, 55)),
    Hours.REPEATED_HOUR: ((95, 115), (62, 90)),
    Hours.LATE: ((1390, 1430), (1400, 1430)),
    Hours.EARLY: ((5, 40), (540, 899)),
}
_USUAL_ADMISSION, _USUAL_DISCHARGE = (420, 1409), (540, 899)
_SAME_DAY_ADMISSION, _SAME_DAY_LENGTH = (360, 600), (120, 300)
# A patient who arrives on the day another stay ended arrives after 16:00, also by the clock of another zone.
_ARRIVAL_AFTER_STAY, _DEPARTURE_BY_TRANSFER = (960, 1139), (480, 749)


def schedule(draw: Draw, course: Course, window: Window) -> None:
    """Set the days and minutes of all stays and cut what lies beyond the end of the window."""
    _place(course, _first_day(draw, course, window))
    _cut(draw, course, window.end)
    _link(course.stays)
    for number, stay in enumerate(course.stays):
        _set_clock(draw, stay, follows_on_the_day=number > 0 and stay.after <= 0)


def _first_day(draw: Draw, course: Course, window: Window) -> int:
    _place(course, 0)
    last = course.stays[-1]
    match course.anchor:
        case Anchor.ANYWHERE:
            return draw.between(window.start + _EARLIEST_EVENT, window.end)
        case Anchor.LAST_DISCHARGE:
            return window.end - course.anchor_days - last.discharge_day
        case Anchor.LAST_ADMISSION:
            return window.end - course.anchor_days - last.admission_day
        case Anchor.INSIDE:
            return draw.between(window.start + _EARLIEST_EVENT, window.end - _span(course) - _FOLLOW_UP)
    return _special_day(draw, course.anchor, window)


def _span(course: Course) -> int:
    """Return the days from the first admission to the last event of a course placed on day 0."""
    days = [stay.discharge_day for stay in course.stays] + ([course.death.day] if course.death else [])
    return max(days) + max((contact.after for contact in course.contacts), default=0)


def _special_day(draw: Draw, anchor: Anchor, window: Window) -> int:
    year = draw.between(year_of(window.start) + 1, year_of(window.end) - 1)
    if anchor is Anchor.YEAR_END:
        return date(year, 12, 31).toordinal() - 2
    change = clock_change(year, spring=anchor is Anchor.SPRING)
    return change - 1 if anchor is Anchor.SPRING else change


def _place(course: Course, first_day: int) -> None:
    """Turn distances into days; `after` counts from the previous acute discharge."""
    origin = first_day - course.stays[0].after
    acute_seen = False
    for stay in course.stays:
        stay.admission_day = origin + stay.after
        stay.discharge_day = stay.admission_day + stay.nights
        if stay.acute or not acute_seen:
            origin = stay.discharge_day
        acute_seen = acute_seen or stay.acute


def _cut(draw: Draw, course: Course, end: int) -> None:
    """Leave out what happens after the last day of the window; a stay that goes on beyond it is open."""
    course.stays = [stay for stay in course.stays if stay.admission_day <= end]
    if course.death and (course.death.stay not in course.stays or course.death.day > end):
        course.death.stay.dies = False
        course.death = None
    for stay in course.stays:
        if stay.discharge_day > end:
            stay.status = "onleave" if draw.chance(MODEL.on_leave) else "in-progress"
        stay.infections = [item for item in stay.infections if (event_day(stay, item) or 0) <= end]


def _link(stays: list[StayPlan]) -> None:
    """Point each acute stay to its next leg or to the next acute admission, and to its chain's first leg."""
    previous: StayPlan | None = None
    for stay in stays:
        if not stay.acute:
            continue
        stay.first_leg = stay
        if previous is not None and stay.joins:
            previous.next_leg, stay.first_leg = stay, previous.first_leg
            if stay.open:
                # Where the receiving stay has no end, only the disposition tells of the transfer.
                previous.disposition = vocabulary.of("discharge_disposition", "acute_transfer")[0]
        elif previous is not None:
            previous.next_acute = stay
        previous = stay


def _set_clock(draw: Draw, stay: StayPlan, follows_on_the_day: bool) -> None:
    if stay.hours in _HOURS:
        admission, discharge = _HOURS[stay.hours]
    elif follows_on_the_day:
        admission, discharge = _ARRIVAL_AFTER_STAY, _USUAL_DISCHARGE
    else:
        admission, discharge = (_USUAL_ADMISSION if stay.nights else _SAME_DAY_ADMISSION), _USUAL_DISCHARGE
    if stay.next_leg is not None and stay.nights:
        discharge = _DEPARTURE_BY_TRANSFER
    stay.admission_minute = draw.between(*admission)
    stay.discharge_minute = draw.between(*discharge)
    if stay.nights == 0 and stay.hours is Hours.USUAL:
        stay.discharge_minute = stay.admission_minute + draw.between(*_SAME_DAY_LENGTH)
