"""Transfers between acute hospitals: same day, next day, overlapping, with and without a disposition."""

from functools import partial

from metriccare.generate import stays, vocabulary
from metriccare.generate.course import Course
from metriccare.generate.plan import StayPlan
from metriccare.generate.scenarios import Scenario, Setting


def legs(
    setting: Setting, gaps: tuple[int, ...], disposition_class: str = "acute_transfer"
) -> list[StayPlan]:
    """Return a transfer chain with one leg more than gaps, each at another hospital than the previous one."""
    chain = [stays.acute_stay(setting.rng, setting.home, disposition_class=disposition_class)]
    for gap in gaps:
        hospital = stays.other_hospital(setting.rng, setting.hospitals, chain[-1].hospital)
        chain.append(
            stays.acute_stay(
                setting.rng, hospital, after=gap, is_transfer=True, disposition_class=disposition_class
            )
        )
    chain[-1].disposition = vocabulary.disposition(setting.rng, "home")
    return chain


def transferred(setting: Setting, gaps: tuple[int, ...], disposition_class: str = "acute_transfer") -> Course:
    """A chain, then a readmission on day 11 that counts for the last leg only."""
    chain = legs(setting, gaps, disposition_class)
    return Course([*chain, stays.acute_stay(setting.rng, setting.home, after=11)])


def misses_the_chain(setting: Setting) -> Course:
    """Another hospital two days later is not a transfer but a readmission."""
    hospital = stays.other_hospital(setting.rng, setting.hospitals, setting.home)
    first = stays.acute_stay(setting.rng, setting.home)
    return Course([first, stays.acute_stay(setting.rng, hospital, after=2)])


def readmitted_and_transferred(setting: Setting) -> Course:
    """The readmission itself is a chain, whose first leg counts for the previous stay."""
    chain = legs(setting, (0,))
    chain[0].after = 30
    return Course([stays.acute_stay(setting.rng, setting.home), *chain])


def dies_in_last_leg(setting: Setting, after: int) -> Course:
    """Transferred, dies in the second hospital: in-hospital death there, 30-day mortality at the first."""
    chain = legs(setting, (0,))
    chain[0].nights = 2
    chain[1].nights = after - chain[0].nights
    return Course(chain, death=stays.dies_in(setting.rng, chain[1]))


def two_claim_the_death(setting: Setting) -> Course:
    """Transferred without a disposition, dies on the day of arrival: only the later hospital has the death."""
    chain = legs(setting, (0,), disposition_class=stays.MISSING)
    chain[1].nights = 0
    return Course(chain, death=stays.dies_in(setting.rng, chain[1]))


def dies_after_chain(setting: Setting, days: int) -> Course:
    """Transferred, discharged home, dies `days` after the admission to the first leg."""
    chain = legs(setting, (0,))
    chain[0].nights, chain[1].nights = 3, 4
    return Course(chain, death=stays.dies_after(setting.rng, chain[1], days - 7))


SCENARIOS: dict[str, Scenario] = {
    "transfer on the same day": partial(transferred, gaps=(0,)),
    "transfer on the next day": partial(transferred, gaps=(1,)),
    "transfer without saying so": partial(transferred, gaps=(0,), disposition_class="home"),
    "transfer without disposition": partial(transferred, gaps=(1,), disposition_class=stays.MISSING),
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
