"""Deaths: in hospital and after, on either side of day 30, and records that leave them open or contradict."""

from functools import partial

from metriccare.generate import stays
from metriccare.generate.course import Anchor, Course
from metriccare.generate.plan import Contact, Death, DeathForm
from metriccare.generate.situations import Place, Situation


def in_hospital(place: Place, form: DeathForm, leaves: str = "expired", length: int | None = None) -> Course:
    """Readmitted and dead there: an in-hospital death by the disposition or, without one, by the date."""
    draw, home = place.draw, place.home
    last = stays.acute_stay(draw, home, after=15, length=length)
    return Course([stays.acute_stay(draw, home), last], death=stays.dies_in(draw, last, form, leaves))


def on_day_of_admission(place: Place) -> Course:
    """Admitted and dead on one day: day 0 of 30-day mortality, no midnight."""
    stay = stays.acute_stay(place.draw, place.home, length=0)
    return Course([stay], death=stays.dies_in(place.draw, stay, DeathForm.INSTANT))


def after_admission(place: Place, days: int, form: DeathForm) -> Course:
    """Home after three nights and dead `days` after the admission: day 30 counts, day 31 does not."""
    stay = stays.acute_stay(place.draw, place.home, length=3)
    return Course([stay], death=stays.dies_after(place.draw, stay, days - stay.nights, form))


def despite_live_disposition(place: Place, before_discharge: int, leaves: str = "home") -> Course:
    """Dead on or before the day of a discharge that the disposition calls a live one."""
    stay = stays.acute_stay(place.draw, place.home, leaves=leaves)
    stay.nights = max(stay.nights, before_discharge + 1)
    stay.dies = before_discharge > 0
    stay.dies_on_discharge_date = before_discharge == 0
    return Course([stay], death=Death(stay, stay.nights - before_discharge, DeathForm.DATE))


def inside_without_disposition(place: Place) -> Course:
    """No disposition and a death date inside the stay: an in-hospital death all the same."""
    stay = stays.acute_stay(place.draw, place.home, leaves=stays.MISSING, length=6)
    stay.dies = True
    return Course([stay], death=Death(stay, 3, DeathForm.DATE))


def date_unknown(place: Place) -> Course:
    """Deceased, nobody says when, and no stay ended in death: 30-day mortality can not be known."""
    draw, home = place.draw, place.home
    last = stays.acute_stay(draw, home, after=25)
    death = stays.dies_after(draw, last, 3, DeathForm.BOOLEAN)
    return Course([stays.acute_stay(draw, home), last], death=death)


def comes_back_dead(place: Place) -> Course:
    """A stay begins 40 days after the recorded death: the vital status contradicts itself."""
    draw, home = place.draw, place.home
    first = stays.acute_stay(draw, home)
    ghost = stays.acute_stay(draw, home, after=45)
    ghost.after_death = True
    return Course([first, ghost], death=stays.dies_after(draw, first, 5))


def in_nonacute(place: Place) -> Course:
    """Dead in a non-acute stay: the death belongs to it and counts nowhere."""
    draw, home = place.draw, place.home
    last = stays.nonacute_stay(draw, home, after=1, length=7)
    death = stays.dies_in(draw, last)
    return Course([stays.acute_stay(draw, home, length=4, leaves="post_acute"), last], death=death)


def in_open_stay(place: Place) -> Course:
    """Dead in a stay nobody closed: the death belongs to the open stay, not to the one before."""
    draw, home = place.draw, place.home
    last = stays.acute_stay(draw, home, after=10)
    last.status = "in-progress"
    first = stays.acute_stay(draw, home, length=15)
    return Course(
        [first, last], death=Death(last, 2, DeathForm.INSTANT), anchor=Anchor.LAST_ADMISSION, anchor_days=5
    )


def after_readmission(place: Place) -> Course:
    """Dead within 30 days of two admissions: the death belongs to the later one."""
    draw, home = place.draw, place.home
    last = stays.acute_stay(draw, home, after=8, length=3)
    return Course([stays.acute_stay(draw, home, length=4), last], death=stays.dies_after(draw, last, 4))


def after_leaving_against_advice(place: Place) -> Course:
    """Left against advice and dead within 30 days: excluded, so the death counts nowhere."""
    stay = stays.acute_stay(place.draw, place.home, leaves="left_against_medical_advice")
    return Course([stay], death=stays.dies_after(place.draw, stay, 6), contacts=[Contact("EMER", 2)])


SITUATIONS: dict[str, Situation] = {
    "dies in hospital": partial(in_hospital, form=DeathForm.INSTANT),
    "dies in hospital, date only": partial(in_hospital, form=DeathForm.DATE),
    "dies in hospital, boolean": partial(in_hospital, form=DeathForm.BOOLEAN),
    "dies in hospital, only the disposition": partial(in_hospital, form=DeathForm.ABSENT),
    "dies in hospital, no disposition": partial(in_hospital, form=DeathForm.DATE, leaves=stays.MISSING),
    "dies in hospital, unmapped disposition": partial(in_hospital, form=DeathForm.INSTANT, leaves="unknown"),
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
        despite_live_disposition, before_discharge=0, leaves="post_acute"
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
