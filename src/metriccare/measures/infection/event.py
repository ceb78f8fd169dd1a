"""gold.infection_event: every candidate infection of a stay, with the decision on it."""

from collections.abc import Sequence
from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from metriccare.definitions.decision_codes import InfectionDecision
from metriccare.definitions.profiles import Profile
from metriccare.definitions.schemas import GOLD_INFECTION_EVENT
from metriccare.definitions.schemas.contract import conform
from metriccare.definitions.versions import DEFINITION_VERSION
from metriccare.measures.infection.candidate import candidates
from metriccare.measures.infection.onset import decide, hospital_day
from metriccare.measures.infection.repeat import without_repeats

REASONS = {
    InfectionDecision.NOT_CONFIRMED: "The diagnosis is refuted or not confirmed.",
    InfectionDecision.EXCLUDED_CODE: "A code for a suspicion, not for an infection.",
    InfectionDecision.AFTER_DISCHARGE: "The infection began later than the day after discharge.",
    InfectionDecision.BEFORE_ADMISSION: "The infection began more than two days before admission.",
    InfectionDecision.DATE_UNKNOWN: "Neither an onset nor a recorded date is usable.",
    InfectionDecision.PRESENT_ON_ADMISSION: (
        "Present on admission by its indicator, its code, or its date (hospital day 1 or 2)."
    ),
    InfectionDecision.HOSPITAL_ONSET: (
        "Began in hospital by its indicator, its code, or its date (hospital day 3 or later)."
    ),
    InfectionDecision.REPEAT: "The same infection within 14 days of an earlier event.",
}


def infection_events(
    stays: DataFrame, conditions: DataFrame, profiles: Sequence[Profile], run_id: str
) -> DataFrame:
    """Decide every candidate infection.

    Args:
        stays: silver.stay.
        conditions: silver.condition, with the survivor's `patient_id` where patients were merged (`Seen.conditions`
            of `silver.stays_at`, or `silver.with_survivor`).
        profiles: for whom; they decide alike but for what they accept as confirmed.
        run_id: the run that computes them.

    Returns:
        One row per stay, condition and profile, with `decision` and `reason`.
    """
    found = candidates(stays, conditions).withColumn("hospital_day", hospital_day())
    options = sorted({profile.accepts_unconfirmed for profile in profiles})
    decided = [_decided(found, profiles, accepts) for accepts in options]
    labelled = reduce(DataFrame.unionByName, decided).withColumns(
        {"definition_version": F.lit(DEFINITION_VERSION), "run_id": F.lit(run_id)}
    )
    return conform(labelled, GOLD_INFECTION_EVENT)


def _decided(found: DataFrame, profiles: Sequence[Profile], accepts_unconfirmed: bool) -> DataFrame:
    """Decide once for all profiles that accept the same diagnoses."""
    names = [F.lit(one.name) for one in profiles if one.accepts_unconfirmed == accepts_unconfirmed]
    decided = without_repeats(found.withColumn("decision", decide(accepts_unconfirmed)))
    return decided.withColumns({"reason": _sentence(), "profile": F.explode(F.array(*names))})


def _sentence() -> Column:
    texts = [item for pair in REASONS.items() for item in map(F.lit, pair)]
    return F.create_map(*texts)[F.col("decision")]
