"""What a clause of a measure is, and how clauses add up to a decision on one stay."""

from collections.abc import Sequence
from dataclasses import dataclass

from pyspark.sql import Column
from pyspark.sql import functions as F


@dataclass(frozen=True)
class Exclusion:
    """One clause that takes a stay out: the reason code that is stored, and the condition."""

    reason: str
    applies: Column


def holds(condition: Column) -> Column:
    """Read a condition that can't be decided (null) as not fulfilled."""
    return F.coalesce(condition, F.lit(False))


def reasons(exclusions: Sequence[Exclusion]) -> Column:
    """Return the reason codes of all clauses that apply, in the order of the specification."""
    named = [F.when(holds(clause.applies), F.lit(clause.reason)) for clause in exclusions]
    return F.filter(F.array(*named), lambda reason: reason.isNotNull())


def evidence(role: str, source: Column, resource_type: str, identifier: Column, sha256: Column) -> Column:
    """Return a list with the one resource that decided, or an empty list where `identifier` is null."""
    entry = F.struct(
        F.lit(role).alias("role"),
        source.alias("source"),
        F.lit(resource_type).alias("type"),
        identifier.alias("id"),
        sha256.alias("body_sha256"),
    )
    return F.filter(F.array(entry), lambda one: one["id"].isNotNull())


def decision(
    common: Sequence[Exclusion],
    own: Sequence[Exclusion],
    *,
    numerator: Column,
    value: Column,
    matures_on: Column,
    event_on: Column,
    proof: Column | None = None,
) -> Column:
    """Return the struct of one measure for one stay.

    Args:
        common: the clauses that all measures share; a stay that passes them is in the initial population.
        own: the measure's own clauses; a stay that passes all of both is in the denominator.
        numerator: whether the event took place; stored as false outside the denominator.
        value: what is summed: events or days.
        matures_on: the first as_of at which the stay can be judged.
        event_on: the date of the event; an as_of before it does not see it.
        proof: the resources that decided, see `evidence`.
    """
    shared, all_reasons = reasons(common), reasons([*common, *own])
    is_in = F.size(all_reasons) == 0
    counts = is_in & holds(numerator)
    return F.struct(
        (F.size(shared) == 0).alias("initial_population"),
        is_in.alias("denominator"),
        F.get(all_reasons, 0).alias("exclusion"),
        all_reasons.alias("exclusions"),
        counts.alias("numerator"),
        F.when(is_in, value.cast("double")).alias("value"),
        matures_on.alias("matures_on"),
        F.when(counts, event_on).alias("event_on"),
        F.when(counts, proof if proof is not None else F.array()).alias("evidence"),
    )
