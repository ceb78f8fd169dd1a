"""The patients and hospitals; names of people and places come from Faker, once per dataset."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from faker import Faker

from metriccare.definitions.value_sets import Code
from metriccare.generate.course import Anchor, Course
from metriccare.generate.dates import birthday, clock
from metriccare.generate.parameters import ADULT_AGE, HOSPITALS, MODEL
from metriccare.generate.plan import Hospital, Person
from metriccare.generate.rng import Rng
from metriccare.generate.vocabulary import chronic_diagnoses

Item = TypeVar("Item")
_POOL = 400
_DAYS_PER_YEAR = 365.25
_OLDEST_MINOR = 13
_UNKNOWN = ("none", "year", "month")


@dataclass(frozen=True)
class Pools:
    """Names to sample from, since Faker is too slow to be called for each field of each patient."""

    women: tuple[str, ...]
    men: tuple[str, ...]
    families: tuple[str, ...]
    streets: tuple[str, ...]
    towns: tuple[tuple[str, str, str], ...]


def make_pools(seed: int) -> tuple[Pools, tuple[Hospital, ...]]:
    """Return the name pools and the hospitals."""
    fake = Faker("en_US", use_weighting=False)
    fake.seed_instance(seed)
    pools = Pools(
        women=_sample(fake.first_name_female),
        men=_sample(fake.first_name_male),
        families=_sample(fake.last_name),
        streets=_sample(fake.street_address),
        towns=_sample(lambda: (fake.city(), fake.state_abbr(include_territories=False), fake.zipcode())),
    )
    return pools, tuple(_hospital(number, fake) for number in range(len(HOSPITALS)))


def _sample(make: Callable[[], Item]) -> tuple[Item, ...]:
    return tuple(make() for _ in range(_POOL))


def _hospital(number: int, fake: Faker) -> Hospital:
    model = HOSPITALS[number]
    kind = ("Medical Center", "General Hospital", "Memorial Hospital", "Community Hospital")[number % 4]
    return Hospital(
        id=f"hospital-{number + 1}",
        name=f"{fake.city()} {kind}",
        clock=clock(model.zone),
        readmission=model.readmission,
        mortality=model.mortality,
        infection=model.infection,
        stay=model.stay,
        changes_clock=model.zone != "America/Phoenix",
    )


def home_hospital(rng: Rng, hospitals: tuple[Hospital, ...]) -> Hospital:
    """Draw a patient's usual hospital, in proportion to hospital size."""
    return rng.weighted([(hospitals[number], model.weight) for number, model in enumerate(HOSPITALS)])


def make_person(rng: Rng, seed: int, number: int, course: Course, first_day: int) -> Person:
    """Draw the person for a course whose first admission is on `first_day`."""
    born = _birth_day(rng, course, first_day)
    return Person(
        id=f"{seed}-p{number}",
        number=number,
        female=course.childbirth or rng.chance(MODEL.female),
        born=born,
        adult_from=birthday(born, ADULT_AGE),
        birth_text=course.birth_text or _birth_text(rng, course),
        chronic=_chronic(rng) if born < first_day - _DAYS_PER_YEAR * ADULT_AGE else [],
    )


def _chronic(rng: Rng) -> list[Code]:
    drawn = [rng.pick(chronic_diagnoses()) for _ in range(rng.between(0, MODEL.chronic))]
    return list(dict.fromkeys(drawn))


def _birth_text(rng: Rng, course: Course) -> str:
    """Draw the precision of birthDate: it may be missing or partial for ordinary patients only."""
    ordinary = course.anchor is Anchor.ANYWHERE
    return rng.pick(_UNKNOWN) if ordinary and rng.chance(MODEL.unknown_birth) else "day"


def _birth_day(rng: Rng, course: Course, first_day: int) -> int:
    if course.turns_18_after is not None:
        return _born_eighteen_years_before(first_day + course.turns_18_after)
    if course.childbirth:
        age = rng.between(*MODEL.ages_of_mothers)
    elif course.anchor is Anchor.ANYWHERE and rng.chance(MODEL.minors):
        # No one turns 18 inside the window by chance: minors are young enough, adults old enough.
        age = rng.between(0, _OLDEST_MINOR)
    else:
        low, high, _ = rng.weighted([(band, band[2]) for band in MODEL.ages])
        age = rng.between(low, high)
    return _no_leap_day(first_day - int((age + rng.between(0, 99) / 100) * _DAYS_PER_YEAR) - 1)


def _born_eighteen_years_before(day: int) -> int:
    coming = date.fromordinal(day)
    leap_day = (coming.month, coming.day) == (2, 29)
    return date(coming.year - ADULT_AGE, coming.month, 28 if leap_day else coming.day).toordinal()


def _no_leap_day(day: int) -> int:
    birth = date.fromordinal(day)
    return day - 1 if (birth.month, birth.day) == (2, 29) else day
