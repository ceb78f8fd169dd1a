"""Plans one patient: samples a course, places it on the calendar, adds the person, contacts and ids."""

from dataclasses import dataclass

from metriccare.generate.course import Course
from metriccare.generate.dates import Window
from metriccare.generate.parameters import MODEL
from metriccare.generate.people import Pools, home_hospital, make_person, make_pools
from metriccare.generate.plan import Contact, Hospital, PatientPlan, StayPlan
from metriccare.generate.rng import Rng
from metriccare.generate.sampler import make_course, scenario_of
from metriccare.generate.schedule import schedule

_LONGEST_CONTACT = 2


@dataclass(frozen=True)
class World:
    """What all patients of a dataset share."""

    seed: int
    window: Window
    pools: Pools
    hospitals: tuple[Hospital, ...]

    @classmethod
    def of(cls, seed: int, window: Window) -> "World":
        """Return the world of a seed."""
        return cls(seed, window, *make_pools(seed))


def plan_patient(world: World, rng: Rng, number: int) -> PatientPlan:
    """Return the plan of patient `number`; `rng` is restarted for this patient.

    Everything that affects a measure is decided here; rendering only adds random administrative details.
    """
    rng.for_patient(number)
    home = home_hospital(rng, world.hospitals)
    course = make_course(rng, scenario_of(world.seed, number), world.hospitals, home)
    schedule(rng, course, world.window)
    person = make_person(rng, world.seed, number, course, course.stays[0].admission_day)
    contacts = _contacts(rng, course, world.window)
    _assign_ids(person.id, course.stays)
    return PatientPlan(person, home, course.stays, course.death, contacts)


def _contacts(rng: Rng, course: Course, window: Window) -> list[Contact]:
    """Return planted and random contacts within the window and before the patient's death."""
    visits = [
        Contact(
            rng.weighted(MODEL.visit_classes),
            after=rng.between(-MODEL.farthest_visit, MODEL.farthest_visit) or 1,
        )
        for _ in range(rng.between(0, MODEL.visits))
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


def _assign_ids(patient_id: str, stays: list[StayPlan]) -> None:
    """Number encounters and infections, since the truth is written before any resource exists."""
    encounters = infections = 0
    for stay in stays:
        stay.ids = [f"{patient_id}-s{encounters + part}" for part in range(stay.fragments)]
        encounters += stay.fragments
        for infection in stay.infections:
            infection.id = f"{patient_id}-i{infections}"
            infections += 1
