"""Events in which true versions only come later, come again, or come in a line that nobody can read."""

from metriccare.generate.deliveries.case import Case
from metriccare.generate.deliveries.item import CORRUPT, LATE, READABLE, REPEATED, Item

_MOST_REPEATED = 3


def late_stay(case: Case) -> None:
    """An old stay comes late, with everything that belongs to it."""
    stay = case.stay()
    case.move([*case.encounters(stay), *case.conditions(stay)], LATE)


def late_diagnoses(case: Case) -> None:
    """The diagnoses of an old stay come late: what it was for, and its infections."""
    case.move(case.conditions(case.stay()), LATE)


def late_patient(case: Case) -> None:
    """The encounters come before their patient."""
    case.move([case.patient], LATE)


def repeated(case: Case) -> None:
    """Some resources come again, byte for byte."""
    for _ in range(_MOST_REPEATED):
        case.add(case.draw.pick(case.items).resource, REPEATED)


def unreadable(case: Case, damage: str) -> None:
    """A line is broken in an earlier delivery after the first, and comes again whole.

    With only one later delivery both lines are in it.
    """
    broken = min(case.delivery, len(case.nights.last) - 1) or 1
    case.delivery = min(broken + 1, len(case.nights.last))
    item = case.draw.pick([case.patient, *case.encounters(case.stay())])
    case.items.append(Item(item.resource, broken, CORRUPT, damage))
    case.move([item], READABLE)
