"""Deaths in hospital and after discharge, on either side of day 30, and unclear or contradictory records."""

from functools import partial

from metriccare.generate import stays
from metriccare.generate.course import Anchor, Course
from metriccare.generate.plan import Contact, Death, DeathForm
from metriccare.generate.scenarios import Scenario, Setting


def in_hospital(
    setting: Setting, form: DeathForm, disposition_class: str = "expired", length: int | None = None
) -> Course:
    """Dies during a readmission: an in-hospital death by disposition or, without one, by date."""
    rng, home = setting.rng, setting.home
    last = stays.acute_stay(rng, home, after=15, length=length)
    return Course(
        [stays.acute_stay(rng, home), last], death=stays.dies_in(rng, last, form, disposition_class)
    )


def on_day_of_admission(setting: Setting) -> Course:
    """Dies on the day of admission: day 0 of 30-day mortality, no midnight."""
    stay = stays.acute_stay(setting.rng, setting.home, length=0)
    return Course([stay], death=stays.dies_in(setting.rng, stay, DeathForm.INSTANT))


def after_admission(setting: Setting, days: int, form: DeathForm) -> Course:
    """Discharged after three nights, dies `days` after admission: day 30 counts, day 31 does not."""
    stay = stays.acute_stay(setting.rng, setting.home, length=3)
    return Course([stay], death=stays.dies_after(setting.rng, stay, days - stay.nights, form))


def despite_live_disposition(
    setting: Setting, before_discharge: int, disposition_class: str = "home"
) -> Course:
    """Dies on or before the discharge date although the disposition means alive."""
    stay = stays.acute_stay(setting.rng, setting.home, disposition_class=disposition_class)
    stay.nights = max(stay.nights, before_discharge + 1)
    stay.dies = before_discharge > 0
    stay.dies_on_discharge_date = before_discharge == 0
    return Course([stay], death=Death(stay, stay.nights - before_discharge, DeathForm.DATE))


def inside_without_disposition(setting: Setting) -> Course:
    """No disposition and a date of death during the stay: still an in-hospital death."""
    stay = stays.acute_stay(setting.rng, setting.home, disposition_class=stays.MISSING, length=6)
    stay.dies = True
    return Course([stay], death=Death(stay, 3, DeathForm.DATE))


def date_unknown(setting: Setting) -> Course:
    """Deceased without a date, and no stay ends in death: 30-day mortality is unknown."""
    rng, home = setting.rng, setting.home
    last = stays.acute_stay(rng, home, after=25)
    death = stays.dies_after(rng, last, 3, DeathForm.BOOLEAN)
    return Course([stays.acute_stay(rng, home), last], death=death)


def comes_back_dead(setting: Setting) -> Course:
    """A stay starts 40 days after the recorded death: the vital status is contradictory."""
    rng, home = setting.rng, setting.home
    first = stays.acute_stay(rng, home)
    ghost = stays.acute_stay(rng, home, after=45)
    ghost.after_death = True
    return Course([first, ghost], death=stays.dies_after(rng, first, 5))


def in_nonacute(setting: Setting) -> Course:
    """Dies in a non-acute stay: the death belongs to that stay and counts nowhere."""
    rng, home = setting.rng, setting.home
    last = stays.nonacute_stay(rng, home, after=1, length=7)
    death = stays.dies_in(rng, last)
    return Course([stays.acute_stay(rng, home, length=4, disposition_class="post_acute"), last], death=death)


def in_open_stay(setting: Setting) -> Course:
    """Dies in a stay that was never closed: the death belongs to the open stay, not to the previous one."""
    rng, home = setting.rng, setting.home
    last = stays.acute_stay(rng, home, after=10)
    last.status = "in-progress"
    first = stays.acute_stay(rng, home, length=15)
    return Course(
        [first, last], death=Death(last, 2, DeathForm.INSTANT), anchor=Anchor.LAST_ADMISSION, anchor_days=5
    )


def after_readmission(setting: Setting) -> Course:
    """Dies within 30 days of two admissions: the death belongs to the later one."""
    rng, home = setting.rng, setting.home
    last = stays.acute_stay(rng, home, after=8, length=3)
    return Course([stays.acute_stay(rng, home, length=4), last], death=stays.dies_after(rng, last, 4))


def after_leaving_against_advice(setting: Setting) -> Course:
    """Leaves against advice and dies within 30 days: excluded, so the death counts nowhere."""
    stay = stays.acute_stay(setting.rng, setting.home, disposition_class="left_against_medical_advice")
    return Course([stay], death=stays.dies_after(setting.rng, stay, 6), contacts=[Contact("EMER", 2)])


SCENARIOS: dict[str, Scenario] = {
    "dies in hospital": partial(in_hospital, form=DeathForm.INSTANT),
    "dies in hospital, date only": partial(in_hospital, form=DeathForm.DATE),
    "dies in hospital, boolean": partial(in_hospital, form=DeathForm.BOOLEAN),
    "dies in hospital, only the disposition": partial(in_hospital, form=DeathForm.ABSENT),
    "dies in hospital, no disposition": partial(
        in_hospital, form=DeathForm.DATE, disposition_class=stays.MISSING
    ),
    "dies in hospital, unmapped disposition": partial(
        in_hospital, form=DeathForm.INSTANT, disposition_class="unknown"
    ),
    **{
        f"dies in hospital on day {day}": partial(in_hospital, form=DeathForm.INSTANT, length=day)
        for day in (30, 31)
    },
    "dies on the day of admission": on_day_of_admission,
    **{
        f"dies at home on day {day}, {form.name.lower()}": partial(after_admission, days=day, form=form)
        for day in (29, 30, 31)
        for form in (DeathForm.INSTANT, DeathForm.DATE)
    },
    "dies on the discharge date": partial(despite_live_disposition, before_discharge=0),
    "dies on the discharge date, post-acute": partial(
        despite_live_disposition, before_discharge=0, disposition_class="post_acute"
    ),
    "dies inside, live disposition": partial(despite_live_disposition, before_discharge=1),
    "dies inside, no disposition": inside_without_disposition,
    "death without date": date_unknown,
    "stay after death": comes_back_dead,
    "dies in non-acute care": in_nonacute,
    "dies in an open stay": in_open_stay,
    "dies after a readmission": after_readmission,
    "dies after leaving against advice": after_leaving_against_advice,
}
