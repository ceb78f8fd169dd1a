"""The ordinary course: random stays, without a planted scenario."""

from metriccare.generate import stays, vocabulary
from metriccare.generate.course import Anchor, Course
from metriccare.generate.infections import maybe_infect
from metriccare.generate.parameters import LAST_MORTALITY_DAY, LAST_READMISSION_DAY, MODEL
from metriccare.generate.plan import Death, Hospital, StayPlan
from metriccare.generate.rng import Rng

Hospitals = tuple[Hospital, ...]


def ordinary_course(rng: Rng, hospitals: Hospitals, home: Hospital) -> Course:
    """Return a random sequence of stays that ends when the patient dies or does not return."""
    course = Course([routine_stay(rng, home, after=1)], anchor=Anchor.ANYWHERE)
    while len(course.stays) < MODEL.longest_course:
        last = course.stays[-1]
        if last.nights and rng.chance(MODEL.dies_in_hospital * last.hospital.mortality):
            course.death = stays.dies_in(rng, last)
            return course
        following = _transfer(rng, hospitals, last) or _return(rng, hospitals, last)
        if following is None:
            break
        course.stays.append(following)
    _end(rng, course)
    return course


def routine_stay(rng: Rng, hospital: Hospital, after: int, is_transfer: bool = False) -> StayPlan:
    """Return an acute stay drawn from the model."""
    stay = stays.acute_stay(
        rng,
        hospital,
        # A stay that starts on the day another ended lasts overnight, so that times stay in order.
        length=stays.nights(rng, hospital, least=0 if after else 1),
        diagnosis=stays.principal(rng),
        disposition_class=stays.draw_disposition_class(rng),
        after=after,
        is_transfer=is_transfer,
    )
    if not is_transfer:
        maybe_infect(rng, stay)
    return stay


def _transfer(rng: Rng, hospitals: Hospitals, last: StayPlan) -> StayPlan | None:
    if not last.nights or not rng.chance(MODEL.transfer):
        return None
    next_day = int(rng.chance(MODEL.next_day_transfer))
    last.disposition = vocabulary.disposition(rng, "acute_transfer")
    target = stays.other_hospital(rng, hospitals, last.hospital)
    return routine_stay(rng, target, after=next_day, is_transfer=True)


def _return(rng: Rng, hospitals: Hospitals, last: StayPlan) -> StayPlan | None:
    gap = _gap(rng, last.hospital)
    if gap is None:
        return None
    # Within a day of the discharge, an admission to another hospital would be a transfer.
    elsewhere = gap > 1 and rng.chance(MODEL.other_hospital)
    hospital = stays.other_hospital(rng, hospitals, last.hospital) if elsewhere else last.hospital
    stay = routine_stay(rng, hospital, after=gap)
    if rng.chance(MODEL.planned):
        stay.principal = stays.planned_principal(rng)
        stay.emergency = False
    elif rng.chance(MODEL.same_principal):
        stay.principal = last.principal
    return stay


def _gap(rng: Rng, hospital: Hospital) -> int | None:
    """Draw the days until the next acute admission; None if there is none."""
    soon = rng.chance(MODEL.returns_soon * hospital.readmission)
    if not soon and not rng.chance(MODEL.returns_later):
        return None
    edges = [day for day in MODEL.edge_days if (day <= LAST_READMISSION_DAY) == soon]
    if rng.chance(MODEL.on_edge_day if soon else MODEL.on_late_edge_day):
        return rng.pick(edges)
    first, last = (0, LAST_READMISSION_DAY) if soon else (LAST_READMISSION_DAY + 1, MODEL.latest_return)
    return rng.between(first, last)


def _end(rng: Rng, course: Course) -> None:
    """Add what follows the last discharge: hospice, a non-acute stay, death."""
    last = course.stays[-1]
    if rng.chance(MODEL.hospice):
        last.disposition = vocabulary.disposition(rng, "hospice")
    elif rng.chance(MODEL.nonacute_after):
        after, length = rng.between(*MODEL.nonacute_gap), rng.between(*MODEL.nonacute_nights)
        course.stays.append(stays.nonacute_stay(rng, last.hospital, after=after, length=length))
    if rng.chance(MODEL.dies_after * last.hospital.mortality):
        course.death = _dies_later(rng, course.stays[-1])


def _dies_later(rng: Rng, last: StayPlan) -> Death:
    soon = rng.chance(MODEL.dies_within)
    first, latest = (1, LAST_MORTALITY_DAY) if soon else (LAST_MORTALITY_DAY + 1, MODEL.latest_death)
    return stays.dies_after(rng, last, rng.between(first, latest))
