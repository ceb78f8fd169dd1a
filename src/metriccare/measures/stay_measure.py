"""gold.stay_measure: in or out of each measure, and why."""

from collections.abc import Sequence

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from metriccare.definitions.decision_codes import Reason
from metriccare.definitions.profiles import Profile
from metriccare.definitions.schemas import GOLD_STAY_MEASURE
from metriccare.definitions.schemas.contract import conform
from metriccare.definitions.versions import DEFINITION_VERSION
from metriccare.measures import simple
from metriccare.measures.clause import Exclusion, Rules
from metriccare.measures.cohort import common_exclusions
from metriccare.measures.decide import ProfileRules, decide
from metriccare.measures.evidence import of_stay
from metriccare.measures.flags import quality_flags
from metriccare.measures.infection import infection, with_infections
from metriccare.measures.length_of_stay import (
    length_of_stay_billing,
    length_of_stay_episode_billing,
    length_of_stay_fractional,
    length_of_stay_midnights,
)
from metriccare.measures.mortality import mortality_30_day, mortality_in_hospital, with_death
from metriccare.measures.readmission import (
    readmission_30_day,
    readmission_30_day_unplanned,
    readmission_planned_status_unknown,
)
from metriccare.measures.sequence import with_neighbours

_SHARED = (
    infection,
    length_of_stay_billing,
    length_of_stay_midnights,
    length_of_stay_fractional,
    length_of_stay_episode_billing,
)
DECISIONS = (
    readmission_30_day,
    readmission_30_day_unplanned,
    readmission_planned_status_unknown,
    mortality_in_hospital,
    mortality_30_day,
    *_SHARED,
)
PLAIN_DECISIONS = (
    simple.readmission_30_day,
    simple.readmission_30_day_unplanned,
    simple.readmission_planned_status_unknown,
    simple.mortality_in_hospital,
    simple.mortality_30_day,
    *_SHARED,
)


def stay_measures(
    stays: DataFrame,
    events: DataFrame,
    profiles: Sequence[Profile],
    run_id: str,
    later: DataFrame | None = None,
) -> DataFrame:
    """Decide every stay for every measure and profile.

    Args:
        stays: silver.stay as it is seen at the cut (`silver.stays_at`), all stays of the patients concerned.
        events: gold.infection_event of the same stays.
        profiles: for whom.
        run_id: the run that computes them.
        later: the stays that begin after the cut; they are out of everything, and no other stay sees them.

    Returns:
        One row per stay and profile. `matures_on` says when follow-up is complete; the aggregation compares it
        with as_of.
    """
    known = with_death(with_neighbours(stays))
    counted = with_infections(known, events).withColumn("quality_flags", quality_flags())
    decided = decide(counted, {profile.name: _rules(profile) for profile in profiles}, _about)
    if later is not None:
        decided = decided.unionByName(
            decide(later, {profile.name: _unseen() for profile in profiles}, _about)
        )
    versioned = decided.withColumns(
        {
            "definition_version": F.lit(DEFINITION_VERSION),
            "run_id": F.lit(run_id),
        }
    )
    return conform(versioned, GOLD_STAY_MEASURE)


def _about() -> list[Column]:
    names = ("source", "patient_id", "hospital_id", "admission_date", "discharge_date", "age", "sex")
    return [F.col("id").alias("stay_id"), *map(F.col, names), F.col("quality_flags")]


def _rules(profile: Profile) -> ProfileRules:
    declared = PLAIN_DECISIONS if profile.is_plain else DECISIONS
    return ProfileRules(
        common_exclusions(profile), {declare.__name__: declare(profile) for declare in declared}
    )


def _unseen() -> ProfileRules:
    """Return the rules for a stay that begins after as_of: it is out of everything."""
    nothing = F.lit(None)
    no_date = nothing.cast("date")
    out = Rules(own=(), numerator=F.lit(False), value=nothing, matures_on=no_date, event_on=no_date)
    later = Exclusion(Reason.ADMITTED_AFTER_AS_OF, F.lit(True), of_stay())
    return ProfileRules([later], {declare.__name__: out for declare in DECISIONS})
