"""Readmissions around day 30, planned ones, and encounters that only look like readmissions."""

from functools import partial

from metriccare.generate import stays, vocabulary
from metriccare.generate.course import Anchor, Course
from metriccare.generate.plan import Contact, Hours
from metriccare.generate.scenarios import Scenario, Setting


def returns(setting: Setting, days: int, elsewhere: bool = False, planned: str = "") -> Course:
    """Two stays, the second `days` after the first: a readmission up to day 30."""
    rng, home = setting.rng, setting.home
    hospital = stays.other_hospital(rng, setting.hospitals, home) if elsewhere else home
    diagnosis = stays.planned_principal(rng, planned) if planned else None
    first = stays.acute_stay(rng, home)
    second = stays.acute_stay(rng, hospital, after=days, diagnosis=diagnosis)
    if first.principal == second.principal and days == 0:
        second.principal = next(code for code in vocabulary.acute_diagnoses() if code != first.principal)
    return Course([first, second], childbirth=planned == "delivery")


def continues(setting: Setting) -> Course:
    """The same hospital readmits on the day of discharge for the same diagnosis: one continuous stay."""
    first = stays.acute_stay(setting.rng, setting.home)
    return Course([first, stays.acute_stay(setting.rng, setting.home, diagnosis=first.principal)])


def planned_hides_unplanned(setting: Setting) -> Course:
    """A planned readmission first, an unplanned one after it, both within 30 days of the first discharge."""
    rng, home = setting.rng, setting.home
    chemotherapy = stays.planned_principal(rng)
    return Course(
        [
            stays.acute_stay(rng, home),
            stays.acute_stay(rng, home, length=2, after=5, diagnosis=chemotherapy),
            stays.acute_stay(rng, home, after=6),
        ]
    )


def nonacute_between(setting: Setting) -> Course:
    """A rehabilitation stay in between is not a readmission; the acute stay on day 20 is."""
    rng, home = setting.rng, setting.home
    return Course(
        [
            stays.acute_stay(rng, home, disposition_class="post_acute"),
            stays.nonacute_stay(rng, home, after=0, length=12),
            stays.acute_stay(rng, home, after=20),
        ]
    )


def chain_of_returns(setting: Setting) -> Course:
    """Three stays within 30 days of each other: two readmissions of two index admissions."""
    rng, home = setting.rng, setting.home
    return Course([stays.acute_stay(rng, home, after=gap) for gap in (0, 5, 8)])


def outpatient_return(class_code: str, setting: Setting) -> Course:
    """The patient returns on day 5, but not as an inpatient."""
    return Course([stays.acute_stay(setting.rng, setting.home)], contacts=[Contact(class_code, 5)])


def void_return(status: str, setting: Setting) -> Course:
    """An encounter of inpatient class on day 5 that never took place, or has no known status and end."""
    return Course([stays.acute_stay(setting.rng, setting.home)], contacts=[Contact("IMP", 5, status)])


def midnight_return(setting: Setting) -> Course:
    """Discharged at 23:30 and back at 00:10: the next day, the same hospital, a readmission on day 1."""
    course = returns(setting, 1)
    course.stays[0].hours, course.stays[1].hours = Hours.LATE, Hours.EARLY
    course.stays[1].emergency = False
    return course


def returns_open(setting: Setting) -> Course:
    """Readmitted on day 12 and still in hospital at the end of the window: open, but a readmission."""
    rng, home = setting.rng, setting.home
    second = stays.acute_stay(rng, home, after=12)
    second.status = rng.pick(("in-progress", "onleave"))
    return Course([stays.acute_stay(rng, home), second], anchor=Anchor.LAST_ADMISSION, anchor_days=20)


SCENARIOS: dict[str, Scenario] = {
    **{f"returns on day {day}": partial(returns, days=day) for day in (0, 1, 2, 29, 30, 31, 32)},
    "returns elsewhere on day 30": partial(returns, days=30, elsewhere=True),
    "returns elsewhere on day 2": partial(returns, days=2, elsewhere=True),
    **{
        f"planned return: {category}": partial(returns, days=14, planned=category)
        for category in ("maintenance_chemotherapy", "rehabilitation", "delivery", "transplant")
    },
    "planned return on day 30": partial(returns, days=30, planned="maintenance_chemotherapy"),
    "same-day continuation": continues,
    "planned hides unplanned": planned_hides_unplanned,
    "non-acute in between": nonacute_between,
    "chain of returns": chain_of_returns,
    **{f"returns as {code}": partial(outpatient_return, code) for code in ("EMER", "OBSENC", "SS", "AMB")},
    **{
        f"{status} inpatient encounter": partial(void_return, status)
        for status in ("planned", "cancelled", "entered-in-error", "arrived", "triaged", "unknown")
    },
    "returns after midnight": midnight_return,
    "returns and is still there": returns_open,
}
