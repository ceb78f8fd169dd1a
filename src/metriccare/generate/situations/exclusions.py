"""Stays that are no index admission, and stays at the edges of age and follow-up."""

from functools import partial

from metriccare.generate import stays
from metriccare.generate.course import Anchor, Course
from metriccare.generate.parameters import LAST_HOSPICE_DAY
from metriccare.generate.situations import Place, Situation


def leaves(category: str, place: Place) -> Course:
    """A stay that ends in one class of disposition and is followed by a readmission on day 10."""
    draw, home = place.draw, place.home
    return Course([stays.acute_stay(draw, home, leaves=category), stays.acute_stay(draw, home, after=10)])


def diagnosed(category: str, place: Place) -> Course:
    """A stay for psychiatric care, rehabilitation or cancer treatment, followed by another on day 10."""
    draw, home = place.draw, place.home
    diagnosis = stays.special_principal(draw, category)
    return Course([stays.acute_stay(draw, home, diagnosis=diagnosis), stays.acute_stay(draw, home, after=10)])


def comes_of_age(days: int, place: Place) -> Course:
    """The 18th birthday falls `days` after the admission: on the day itself the patient is an adult."""
    draw, home = place.draw, place.home
    course = Course([stays.acute_stay(draw, home), stays.acute_stay(draw, home, after=15)])
    course.comes_of_age = days
    return course


def birth(precision: str, place: Place) -> Course:
    """No birthDate, or one without a day: the age is unknown."""
    draw, home = place.draw, place.home
    course = Course([stays.acute_stay(draw, home), stays.acute_stay(draw, home, after=15)])
    course.birth_text = precision
    return course


def discharged_before_end(days: int, place: Place) -> Course:
    """The only discharge lies `days` before the end: 30 days of follow-up are there, or just not."""
    stay = stays.acute_stay(place.draw, place.home)
    return Course([stay], anchor=Anchor.LAST_DISCHARGE, anchor_days=days)


def admitted_before_end(days: int, place: Place) -> Course:
    """The only admission lies `days` before the end: 30-day mortality is known, or just not."""
    stay = stays.acute_stay(place.draw, place.home, length=3)
    return Course([stay], anchor=Anchor.LAST_ADMISSION, anchor_days=days)


def still_there(status: str, place: Place) -> Course:
    """An open stay: no discharge yet when the window closes."""
    stay = stays.acute_stay(place.draw, place.home)
    stay.status = status
    return Course([stay], anchor=Anchor.LAST_ADMISSION, anchor_days=place.draw.between(0, 40))


def open_nonacute(place: Place) -> Course:
    """An open non-acute stay, which adds patient-days only."""
    draw, home = place.draw, place.home
    stay = stays.nonacute_stay(draw, home, after=1, length=5)
    stay.status = "in-progress"
    acute = stays.acute_stay(draw, home, leaves="post_acute")
    return Course([acute, stay], anchor=Anchor.LAST_ADMISSION, anchor_days=25)


def status_unknown(place: Place) -> Course:
    """Status unknown, but both dates are there: a stay like any other."""
    course = leaves("home", place)
    course.stays[0].status = "unknown"
    return course


def hospice_then(gap: int, place: Place) -> Course:
    """A hospice discharge and another stay `gap` days later: within 12 months it leaves 30-day mortality."""
    draw, home = place.draw, place.home
    first = stays.acute_stay(draw, home, leaves="hospice")
    second = stays.acute_stay(draw, home, after=gap)
    second.hospice_before = gap <= LAST_HOSPICE_DAY
    return Course([first, second])


def only_nonacute(place: Place) -> Course:
    """A non-acute stay and nothing else."""
    return Course([stays.nonacute_stay(place.draw, place.home, after=0, length=14)])


SITUATIONS: dict[str, Situation] = {
    **{
        f"leaves: {category or 'disposition missing'}": partial(leaves, category)
        for category in (
            "left_against_medical_advice",
            "acute_transfer",
            "post_acute",
            "unknown",
            stays.MISSING,
        )
    },
    **{
        f"principal diagnosis: {category}": partial(diagnosed, category)
        for category in ("psychiatric", "rehabilitation", "cancer_treatment")
    },
    **{f"turns 18 after {days} days": partial(comes_of_age, days) for days in (0, 1)},
    **{f"birthDate: {precision}": partial(birth, precision) for precision in ("none", "year", "month")},
    **{
        f"discharged {days} days before the end": partial(discharged_before_end, days)
        for days in (0, 29, 30, 31)
    },
    **{f"admitted {days} days before the end": partial(admitted_before_end, days) for days in (29, 30, 31)},
    **{f"open: {status}": partial(still_there, status) for status in ("in-progress", "onleave")},
    "open: non-acute": open_nonacute,
    "status unknown": status_unknown,
    **{f"hospice, back on day {gap}": partial(hospice_then, gap) for gap in (10, 90, 365, 366)},
    "only non-acute": only_nonacute,
}
