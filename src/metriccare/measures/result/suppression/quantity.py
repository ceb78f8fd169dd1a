"""What the published rows count, and which count is part of which.

Two rows that show the same quantity (the discharges behind five measures, say) must be hidden together. Two
quantities of which one contains the other give away their difference.
"""

from collections.abc import Collection, Iterator
from enum import StrEnum, auto
from typing import NamedTuple

from metriccare.definitions import measures as d
from metriccare.definitions.profiles import ALL_ADULT, CMS_LIKE, SIMPLE

STAYS, EVENTS, DAYS = "stays", "events", "days"
LENGTHS = "length_of_stay"
SHARED_DENOMINATOR = {
    d.LENGTH_BILLING: LENGTHS,
    d.LENGTH_MIDNIGHTS: LENGTHS,
    d.LENGTH_MEDIAN: LENGTHS,
    d.LENGTH_GEOMETRIC_MEAN: LENGTHS,
    d.INFECTION_DISCHARGES: LENGTHS,
    d.READMISSION: "readmission",
    d.READMISSION_UNPLANNED: "readmission",
}


class Quantity(NamedTuple):
    """A count that rows show, at every place of the strata.

    Attributes:
        kind: `stays` (of gold's stays; a transfer chain is its last one), `events`, or `days` (no count of people).
        profile: name of the profile; empty for all stays of the lake.
        name: the measure, or what measures share.
    """

    kind: str
    profile: str
    name: str


ALL_STAYS = Quantity(STAYS, "", "")
"""Denominator plus excluded: the same for every measure and profile that counts stays."""


class People(StrEnum):
    """Whom the difference of two quantities is about."""

    BEHIND = auto()
    """The stays behind the two."""
    DIFFERENCE = auto()
    """The difference itself, although the two are days."""
    OPEN = auto()
    """The stays that are open."""


class Nested(NamedTuple):
    """Two quantities of which `part` is contained in `whole`, at every place.

    Attributes:
        whole: the containing quantity.
        part: the contained quantity.
        hide: the one that gives way when their difference is small.
        is_protected: whether their difference is a cell that must not be known.
        holds_in_periods: whether it is so in months and years too, or only where dates play no part.
        people: what the difference is a number of: by default stays, or days of the stays that the two are days of.
    """

    whole: Quantity
    part: Quantity
    hide: Quantity
    is_protected: bool = True
    holds_in_periods: bool = True
    people: People = People.BEHIND


def also_tells(measure: str, profile: str) -> list[Quantity]:
    """Return what a row tells besides its own numbers.

    In `simple` the stays that readmission leaves out are those that died in hospital, and nothing else (1.4).
    """
    if profile != SIMPLE.name:
        return []
    if measure == d.MORTALITY_IN_HOSPITAL:
        return [denominator(d.READMISSION, profile)]
    if measure in (d.READMISSION, d.READMISSION_UNPLANNED):
        return [numerator(d.MORTALITY_IN_HOSPITAL, profile)]
    return []


def counts_stays(measure: str) -> bool:
    """Return whether denominator plus excluded of a measure are all stays."""
    return denominator(measure, "").kind == STAYS


def is_proportion(measure: str) -> bool:
    """Return whether a measure's numerator is part of its denominator."""
    return d.MEASURES[measure].kind is d.Kind.PROPORTION


def denominator(measure: str, profile: str) -> Quantity:
    """Return what the denominator of a measure counts."""
    if measure == d.READMISSION_PLANNED_UNKNOWN:
        return numerator(d.READMISSION, profile)
    if measure == d.INFECTION_PATIENT_DAYS:
        return Quantity(DAYS, profile, measure)
    return Quantity(STAYS, profile, SHARED_DENOMINATOR.get(measure, measure))


def numerator(measure: str, profile: str) -> Quantity:
    """Return what the numerator of a measure counts."""
    return Quantity(DAYS if d.MEASURES[measure].kind in d.DAYS else EVENTS, profile, f"{measure} numerator")


def nested(measures: Collection[tuple[str, str]]) -> list[Nested]:
    """Return which quantities contain which, among those of these measures and profiles."""
    known = {quantity(*one) for one in measures for quantity in (denominator, numerator)} | {ALL_STAYS}
    pairs = [*_within(measures), *_between_profiles(known), *_of_all_stays(known)]
    return sorted({one for one in pairs if {one.whole, one.part} <= known and one.whole != one.part})


def _within(measures: Collection[tuple[str, str]]) -> Iterator[Nested]:
    """Within a profile: events in their cases, unplanned in all readmissions, each cohort in the discharges."""
    for measure, profile in measures:
        cases, events = denominator(measure, profile), numerator(measure, profile)
        if is_proportion(measure):
            yield Nested(cases, events, events)
        if cases.kind == STAYS:
            yield Nested(Quantity(STAYS, profile, LENGTHS), cases, cases)
        if measure == d.INFECTION_DISCHARGES:
            yield _infections(profile)
        if measure == d.LENGTH_BILLING:
            yield _same_day_stays(profile)
            yield _open_days(profile)
        unplanned = numerator(d.READMISSION_UNPLANNED, profile)
        yield Nested(numerator(d.READMISSION, profile), unplanned, unplanned)


def _infections(profile: str) -> Nested:
    """Infections of discharged stays are among all infections; the two are dated differently (3.4)."""
    whole, part = numerator(d.INFECTION_PATIENT_DAYS, profile), numerator(d.INFECTION_DISCHARGES, profile)
    return Nested(whole, part, part, is_protected=False, holds_in_periods=False)


def _same_day_stays(profile: str) -> Nested:
    """Only a stay that ends on the day it began has a billing day more than midnights (4.3)."""
    whole, part = numerator(d.LENGTH_BILLING, profile), numerator(d.LENGTH_MIDNIGHTS, profile)
    return Nested(whole, part, part, people=People.DIFFERENCE)


def _open_days(profile: str) -> Nested:
    """Patient-days are the midnights of closed stays and the days of open ones (3.4)."""
    whole = denominator(d.INFECTION_PATIENT_DAYS, profile)
    part = numerator(d.LENGTH_MIDNIGHTS, profile)
    return Nested(whole, part, part, holds_in_periods=False, people=People.OPEN)


def _between_profiles(known: Collection[Quantity]) -> Iterator[Nested]:
    """The narrower profile counts a part of the wider one; `all_adult` is the one that stays."""
    for one in known:
        if one.profile == ALL_ADULT.name:
            narrow = one._replace(profile=CMS_LIKE.name)
            yield Nested(one, narrow, narrow)
        if one == Quantity(STAYS, ALL_ADULT.name, LENGTHS):
            wide = one._replace(profile=SIMPLE.name)
            yield Nested(wide, one, wide)


def _of_all_stays(known: Collection[Quantity]) -> Iterator[Nested]:
    for one in known:
        if one.kind == STAYS:
            yield Nested(ALL_STAYS, one, ALL_STAYS)
