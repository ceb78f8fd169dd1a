"""What a clause of a measure is, and what a measure decides by: plain declarations, see `decide`."""

from collections.abc import Sequence
from dataclasses import dataclass

from pyspark.sql import Column
from pyspark.sql import functions as F


@dataclass(frozen=True)
class Exclusion:
    """One clause that takes a stay out.

    Attributes:
        reason: the code that is stored.
        applies: the condition; one that can't be decided (null) does not apply.
        evidence: the resources that decided, see `evidence.of_resource`.
    """

    reason: str
    applies: Column
    evidence: Column | None = None


@dataclass(frozen=True)
class Rules:
    """By what one measure decides on a stay that is in the initial population.

    Attributes:
        own: the measure's own clauses; a stay that passes these and the shared ones is in the denominator.
        numerator: whether the event took place; stored as false outside the denominator.
        value: what is summed: events or days.
        matures_on: the first as_of at which the stay can be judged.
        event_on: the date of the event; an as_of before it does not see it.
        evidence: the resources that made the stay count in the numerator, see `evidence.of_resource`.
    """

    own: Sequence[Exclusion]
    numerator: Column
    value: Column
    matures_on: Column
    event_on: Column
    evidence: Column | None = None


def holds(condition: Column) -> Column:
    """Read a condition that can't be decided (null) as not fulfilled."""
    return F.coalesce(condition, F.lit(False))


def reasons(exclusions: Sequence[Exclusion]) -> Column:
    """Return the reason codes of all clauses that apply, in the order of the specification."""
    named = [F.when(holds(clause.applies), F.lit(clause.reason)) for clause in exclusions]
    return F.filter(F.array(*named), lambda reason: reason.isNotNull())
