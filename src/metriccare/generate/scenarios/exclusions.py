"""Stays that are not index admissions, and stays at the edges of age and follow-up."""

from functools import partial

from metriccare.generate import stays
from metriccare.generate.course import Anchor, Course
from metriccare.generate.parameters import LAST_HOSPICE_DAY
from metriccare.generate.scenarios import Scenario, Setting


def with_disposition(category: str, setting: Setting) -> Course:
    """A stay with one class of disposition, followed by a readmission on day 10."""
    rng, home = setting.rng, setting.home
    return Course(
        [stays.acute_stay(rng, home, disposition_class=category), stays.acute_stay(rng, home, after=10)]
    )


def diagnosed(category: str, setting: Setting) -> Course:
    """A stay for psychiatric care, rehabilitation or cancer treatment, followed by another on day 10."""
    rng, home = setting.rng, setting.home
    diagnosis = stays.special_principal(rng, category)
    return Course([stays.acute_stay(rng, home, diagnosis=diagnosis), stays.acute_stay(rng, home, after=10)])


def turns_18_after(days: int, setting: Setting) -> Course:
    """The 18th birthday is `days` after the admission; on the birthday the patient is an adult."""
    rng, home = setting.rng, setting.home
    course = Course([stays.acute_stay(rng, home), stays.acute_stay(rng, home, after=15)])
    course.turns_18_after = days
    return course


def birth(precision: str, setting: Setting) -> Course:
    """No birthDate, or one without a day: the age is unknown."""
    rng, home = setting.rng, setting.home
    course = Course([stays.acute_stay(rng, home), stays.acute_stay(rng, home, after=15)])
    course.birth_text = precision
    return course


def discharged_before_end(days: int, setting: Setting) -> Course:
    """The only discharge is `days` before the end: 30 days of follow-up are just complete, or just not."""
    stay = stays.acute_stay(setting.rng, setting.home)
    return Course([stay], anchor=Anchor.LAST_DISCHARGE, anchor_days=days)


def admitted_before_end(days: int, setting: Setting) -> Course:
    """The only admission is `days` before the end: 30-day mortality is just known, or just not."""
    stay = stays.acute_stay(setting.rng, setting.home, length=3)
    return Course([stay], anchor=Anchor.LAST_ADMISSION, anchor_days=days)


def still_there(status: str, setting: Setting) -> Course:
    """An open stay: no discharge by the end of the window."""
    stay = stays.acute_stay(setting.rng, setting.home)
    stay.status = status
    return Course([stay], anchor=Anchor.LAST_ADMISSION, anchor_days=setting.rng.between(0, 40))


def open_nonacute(setting: Setting) -> Course:
    """An open non-acute stay, which adds patient-days only."""
    rng, home = setting.rng, setting.home
    stay = stays.nonacute_stay(rng, home, after=1, length=5)
    stay.status = "in-progress"
    acute = stays.acute_stay(rng, home, disposition_class="post_acute")
    return Course([acute, stay], anchor=Anchor.LAST_ADMISSION, anchor_days=25)


def status_unknown(setting: Setting) -> Course:
    """Status unknown, but both dates are present: a normal stay."""
    course = with_disposition("home", setting)
    course.stays[0].status = "unknown"
    return course


def hospice_then(gap: int, setting: Setting) -> Course:
    """A hospice discharge and another stay `gap` days later: excluded from 30-day mortality within 12 months."""
    rng, home = setting.rng, setting.home
    first = stays.acute_stay(rng, home, disposition_class="hospice")
    second = stays.acute_stay(rng, home, after=gap)
    second.hospice_before = gap <= LAST_HOSPICE_DAY
    return Course([first, second])


def only_nonacute(setting: Setting) -> Course:
    """A non-acute stay and nothing else."""
    return Course([stays.nonacute_stay(setting.rng, setting.home, after=0, length=14)])


SCENARIOS: dict[str, Scenario] = {
    **{
        f"leaves: {category or 'disposition missing'}": partial(with_disposition, category)
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
    **{f"turns 18 after {days} days": partial(turns_18_after, days) for days in (0, 1)},
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
