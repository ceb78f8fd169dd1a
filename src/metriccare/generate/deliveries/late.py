"""Events in which correct versions arrive late, arrive again, or arrive in an unreadable line."""

from metriccare.generate.deliveries.case import Case
from metriccare.generate.deliveries.item import CORRUPT, LATE, READABLE, REPEATED, Item

_MOST_REPEATED = 3


def late_stay(case: Case) -> None:
    """An old stay arrives late, with all its resources."""
    stay = case.stay()
    case.move([*case.encounters(stay), *case.conditions(stay)], LATE)


def late_diagnoses(case: Case) -> None:
    """The diagnoses of an old stay arrive late, including its infections."""
    case.move(case.conditions(case.stay()), LATE)


def late_patient(case: Case) -> None:
    """The encounters arrive before their patient."""
    case.move([case.patient], LATE)


def repeated(case: Case) -> None:
    """Some resources are sent again, byte for byte."""
    for _ in range(_MOST_REPEATED):
        case.add(case.rng.pick(case.items).resource, REPEATED)


def unreadable(case: Case, damage: str) -> None:
    """A line is corrupt in a later delivery and is sent again intact in the next one.

    With only one later delivery both lines are in it.
    """
    broken = min(case.delivery, len(case.feed.last) - 1) or 1
    case.delivery = min(broken + 1, len(case.feed.last))
    item = case.rng.pick([case.patient, *case.encounters(case.stay())])
    case.items.append(Item(item.resource, broken, CORRUPT, damage))
    case.move([item], READABLE)
