"""The ordinary course: what a hospital's patients do when nobody planted anything."""

from metriccare.generate import stays, vocabulary
from metriccare.generate.course import Anchor, Course
from metriccare.generate.draw import Draw
from metriccare.generate.infections import maybe_infect
from metriccare.generate.parameters import LAST_MORTALITY_DAY, LAST_READMISSION_DAY, MODEL
from metriccare.generate.plan import Death, Hospital, StayPlan

Hospitals = tuple[Hospital, ...]


def ordinary_course(draw: Draw, hospitals: Hospitals, home: Hospital) -> Course:
    """Return stays that follow each other by chance, until the patient dies or stays away."""
    course = Course([routine_stay(draw, home, after=1)], anchor=Anchor.ANYWHERE)
    while len(course.stays) < MODEL.longest_course:
        last = course.stays[-1]
        if last.nights and draw.chance(MODEL.dies_in_hospital * last.hospital.mortality):
            course.death = stays.dies_in(draw, last)
            return course
        following = _transfer(draw, hospitals, last) or _return(draw, hospitals, last)
        if following is None:
            break
        course.stays.append(following)
    _end(draw, course)
    return course


def routine_stay(draw: Draw, hospital: Hospital, after: int, joins: bool = False) -> StayPlan:
    """Return an acute stay with everything drawn from the model."""
    stay = stays.acute_stay(
        draw,
        hospital,
        # A stay that begins on the day another ended lasts overnight, so that the clock times stay in order.
        length=stays.nights(draw, hospital, least=0 if after else 1),
        diagnosis=stays.principal(draw),
        leaves=stays.leaving(draw),
        after=after,
        joins=joins,
    )
    if not joins:
        maybe_infect(draw, stay)
    return stay


def _transfer(draw: Draw, hospitals: Hospitals, last: StayPlan) -> StayPlan | None:
    if not last.nights or not draw.chance(MODEL.transfer):
        return None
    next_day = int(draw.chance(MODEL.next_day_transfer))
    last.disposition = vocabulary.disposition(draw, "acute_transfer")
    target = stays.other_hospital(draw, hospitals, last.hospital)
    return routine_stay(draw, target, after=next_day, joins=True)


def _return(draw: Draw, hospitals: Hospitals, last: StayPlan) -> StayPlan | None:
    gap = _gap(draw, last.hospital)
    if gap is None:
        return None
    # On the day of discharge or the day after, another hospital would make it a transfer.
    elsewhere = gap > 1 and draw.chance(MODEL.other_hospital)
    hospital = stays.other_hospital(draw, hospitals, last.hospital) if elsewhere else last.hospital
    stay = routine_stay(draw, hospital, after=gap)
    if draw.chance(MODEL.planned):
        stay.principal = stays.planned_principal(draw)
        stay.emergency = False
    elif draw.chance(MODEL.same_principal):
        stay.principal = last.principal
    return stay


def _gap(draw: Draw, hospital: Hospital) -> int | None:
    """Draw the days until the next acute admission; None if there is none."""
    soon = draw.chance(MODEL.returns_soon * hospital.readmission)
    if not soon and not draw.chance(MODEL.returns_later):
        return None
    edges = [day for day in MODEL.edge_days if (day <= LAST_READMISSION_DAY) == soon]
    if draw.chance(MODEL.on_edge_day if soon else MODEL.on_late_edge_day):
        return draw.pick(edges)
    first, last = (0, LAST_READMISSION_DAY) if soon else (LAST_READMISSION_DAY + 1, MODEL.latest_return)
    return draw.between(first, last)


def _end(draw: Draw, course: Course) -> None:
    """Draw what comes after the last discharge: hospice, a non-acute stay, death."""
    last = course.stays[-1]
    if draw.chance(MODEL.hospice):
        last.disposition = vocabulary.disposition(draw, "hospice")
    elif draw.chance(MODEL.nonacute_after):
        after, length = draw.between(*MODEL.nonacute_gap), draw.between(*MODEL.nonacute_nights)
        course.stays.append(stays.nonacute_stay(draw, last.hospital, after=after, length=length))
    if draw.chance(MODEL.dies_after * last.hospital.mortality):
        course.death = _dies_later(draw, course.stays[-1])


def _dies_later(draw: Draw, last: StayPlan) -> Death:
    soon = draw.chance(MODEL.dies_within)
    first, latest = (1, LAST_MORTALITY_DAY) if soon else (LAST_MORTALITY_DAY + 1, MODEL.latest_death)
    return stays.dies_after(draw, last, draw.between(first, latest))
