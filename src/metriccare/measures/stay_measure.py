"""gold.stay_measure: in or out of each measure, and why."""

from collections.abc import Sequence
from functools import reduce

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from metriccare.measures.definition import DEFINITION_VERSION
from metriccare.measures.infection import infection, with_infection_count
from metriccare.measures.length_of_stay import (
    length_of_stay_billing,
    length_of_stay_fractional,
    length_of_stay_midnights,
)
from metriccare.measures.mortality import mortality_30_day, mortality_in_hospital, with_death
from metriccare.measures.profile import Profile
from metriccare.measures.readmission import readmission_30_day, readmission_30_day_unplanned
from metriccare.measures.sequence import with_neighbours
from metriccare.schemas import GOLD_STAY_MEASURE, conform

DECISIONS = (
    readmission_30_day,
    readmission_30_day_unplanned,
    mortality_in_hospital,
    mortality_30_day,
    infection,
    length_of_stay_billing,
    length_of_stay_midnights,
    length_of_stay_fractional,
)


def stay_measures(stays: DataFrame, events: DataFrame, profiles: Sequence[Profile], run_id: str) -> DataFrame:
    """Decide every stay for every measure.

    Args:
        stays: silver.stay, all stays of the patients concerned.
        events: gold.infection_event of the same stays.
        profiles: for whom.
        run_id: the run that computes them.

    Returns:
        One row per stay and profile; dates only, no as_of: that is a matter of the aggregation.
    """
    known = with_death(with_neighbours(stays))
    by_profile = [_decided(known, events, profile) for profile in profiles]
    united = reduce(DataFrame.unionByName, by_profile)
    versioned = united.withColumns({"definition_version": F.lit(DEFINITION_VERSION), "run_id": F.lit(run_id)})
    return conform(versioned.withColumnRenamed("id", "stay_id"), GOLD_STAY_MEASURE)


def _decided(known: DataFrame, events: DataFrame, profile: Profile) -> DataFrame:
    counted = with_infection_count(known, events.filter(F.col("profile") == profile.name))
    decided = {decide.__name__: decide(profile) for decide in DECISIONS}
    return counted.withColumns({**decided, "profile": F.lit(profile.name)})
