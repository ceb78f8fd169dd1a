"""Makes the plan of one patient: a course is dealt, put on the calendar, given a person, contacts and ids."""

from dataclasses import dataclass

from metriccare.generate.course import Course
from metriccare.generate.dates import Window
from metriccare.generate.deck import deal, situation_of
from metriccare.generate.draw import Draw
from metriccare.generate.parameters import MODEL
from metriccare.generate.people import Pools, home_hospital, make_person, make_pools
from metriccare.generate.plan import Contact, Hospital, PatientPlan, StayPlan
from metriccare.generate.schedule import schedule

_LONGEST_CONTACT = 2


@dataclass(frozen=True)
class World:
    """What all patients of a set share."""

    seed: int
    window: Window
    pools: Pools
    hospitals: tuple[Hospital, ...]

    @classmethod
    def of(cls, seed: int, window: Window) -> "World":
        """Return the world of a seed."""
        return cls(seed, window, *make_pools(seed))


def plan_patient(world: World, draw: Draw, number: int) -> PatientPlan:
    """Return the plan of patient `number`, whose stream `draw` is rewound to.

    Everything that counts is fixed when this returns; rendering only draws paperwork.
    """
    draw.for_patient(number)
    home = home_hospital(draw, world.hospitals)
    course = deal(draw, situation_of(world.seed, number), world.hospitals, home)
    schedule(draw, course, world.window)
    person = make_person(draw, world.seed, number, course, course.stays[0].admission_day)
    contacts = _contacts(draw, course, world.window)
    _give_ids(person.id, course.stays)
    return PatientPlan(person, home, course.stays, course.death, contacts)


def _contacts(draw: Draw, course: Course, window: Window) -> list[Contact]:
    """Return the planted contacts and some by chance, as far as the patient was alive and the window open."""
    visits = [
        Contact(
            draw.weighted(MODEL.visit_classes),
            after=draw.between(-MODEL.farthest_visit, MODEL.farthest_visit) or 1,
        )
        for _ in range(draw.between(0, MODEL.visits))
    ]
    last_day = window.end - _LONGEST_CONTACT
    if course.death:
        last_day = min(last_day, course.death.day - 1 - _LONGEST_CONTACT)
    contacts = [*course.contacts, *visits]
    for contact in contacts:
        contact.day = _contact_day(contact, course.stays)
    return [contact for contact in contacts if window.start <= contact.day <= last_day]


def _contact_day(contact: Contact, stays: list[StayPlan]) -> int:
    origin = stays[-1].discharge_day if contact.after > 0 else stays[0].admission_day - _LONGEST_CONTACT
    return origin + contact.after


def _give_ids(patient_id: str, stays: list[StayPlan]) -> None:
    """Number encounters and infections: the truth names them before any resource exists."""
    encounters = infections = 0
    for stay in stays:
        stay.ids = [f"{patient_id}-s{encounters + part}" for part in range(stay.fragments)]
        encounters += stay.fragments
        for infection in stay.infections:
            infection.id = f"{patient_id}-i{infections}"
            infections += 1
