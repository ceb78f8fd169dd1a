"""Transfers between acute hospitals: same day, next day, overlapping, with and without the other half."""

from functools import partial

from metriccare.generate import stays, vocabulary
from metriccare.generate.course import Course
from metriccare.generate.plan import StayPlan
from metriccare.generate.situations import Place, Situation


def legs(place: Place, gaps: tuple[int, ...], leaves: str = "acute_transfer") -> list[StayPlan]:
    """Return a chain: one leg more than there are gaps, each at another hospital than the one before."""
    chain = [stays.acute_stay(place.draw, place.home, leaves=leaves)]
    for gap in gaps:
        hospital = stays.other_hospital(place.draw, place.hospitals, chain[-1].hospital)
        chain.append(stays.acute_stay(place.draw, hospital, after=gap, joins=True, leaves=leaves))
    chain[-1].disposition = vocabulary.disposition(place.draw, "home")
    return chain


def transferred(place: Place, gaps: tuple[int, ...], leaves: str = "acute_transfer") -> Course:
    """A chain, then a readmission on day 11 that counts for the last leg only."""
    chain = legs(place, gaps, leaves)
    return Course([*chain, stays.acute_stay(place.draw, place.home, after=11)])


def misses_the_chain(place: Place) -> Course:
    """Another hospital two days later is no transfer but a readmission of the first."""
    hospital = stays.other_hospital(place.draw, place.hospitals, place.home)
    first = stays.acute_stay(place.draw, place.home)
    return Course([first, stays.acute_stay(place.draw, hospital, after=2)])


def readmitted_and_transferred(place: Place) -> Course:
    """The readmission itself is a chain: its first leg is what counts for the stay before."""
    chain = legs(place, (0,))
    chain[0].after = 30
    return Course([stays.acute_stay(place.draw, place.home), *chain])


def dies_in_last_leg(place: Place, after: int) -> Course:
    """Transferred and dead in the second hospital: in-hospital there, 30-day mortality at the first."""
    chain = legs(place, (0,))
    chain[0].nights = 2
    chain[1].nights = after - chain[0].nights
    return Course(chain, death=stays.dies_in(place.draw, chain[1]))


def two_claim_the_death(place: Place) -> Course:
    """Transferred without a disposition and dead on arrival day: only the later hospital has the death."""
    chain = legs(place, (0,), leaves=stays.MISSING)
    chain[1].nights = 0
    return Course(chain, death=stays.dies_in(place.draw, chain[1]))


def dies_after_chain(place: Place, days: int) -> Course:
    """Transferred, discharged home and dead `days` after the admission to the first leg."""
    chain = legs(place, (0,))
    chain[0].nights, chain[1].nights = 3, 4
    return Course(chain, death=stays.dies_after(place.draw, chain[1], days - 7))


SITUATIONS: dict[str, Situation] = {
    "transfer on the same day": partial(transferred, gaps=(0,)),
    "transfer on the next day": partial(transferred, gaps=(1,)),
    "transfer without saying so": partial(transferred, gaps=(0,), leaves="home"),
    "transfer without disposition": partial(transferred, gaps=(1,), leaves=stays.MISSING),
    "transfer overlapping": partial(transferred, gaps=(-1,)),
    "transfer over three hospitals": partial(transferred, gaps=(0, 1)),
    "other hospital after two days": misses_the_chain,
    "readmission is a chain": readmitted_and_transferred,
    "dies in the second leg on day 30": partial(dies_in_last_leg, after=30),
    "dies in the second leg on day 31": partial(dies_in_last_leg, after=31),
    "two stays claim the death": two_claim_the_death,
    "dies after a chain on day 30": partial(dies_after_chain, days=30),
    "dies after a chain on day 31": partial(dies_after_chain, days=31),
}
