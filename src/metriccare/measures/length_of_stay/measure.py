"""Length of stay: who counts (MEASURES 4.1, 4.8); deaths and non-acute stays are included."""

from collections.abc import Sequence

from pyspark.sql import Column
from pyspark.sql import functions as F

from metriccare.definitions.decision_codes import Reason, Role
from metriccare.definitions.profiles import Profile
from metriccare.measures.clause import Exclusion, Rules
from metriccare.measures.evidence import of_related, of_stay
from metriccare.measures.length_of_stay import days
from metriccare.measures.transfer import is_last_leg


def length_of_stay_midnights(profile: Profile) -> Rules:
    """Decide one stay by midnights."""
    return _decide(profile, days.midnights(days.first_date(profile)))


def length_of_stay_billing(profile: Profile) -> Rules:
    """Decide one stay by billing days, the default for "CMS ALOS"."""
    return _decide(profile, days.billing_days(days.first_date(profile)))


def length_of_stay_fractional(profile: Profile) -> Rules:
    """Decide one stay by elapsed time; without times of day there is none."""
    times = Exclusion(Reason.TIMES_UNKNOWN, ~F.col("has_times"), of_stay())
    return _decide(profile, days.fractional_days(days.first_instant(profile)), [times])


def length_of_stay_episode_billing(profile: Profile) -> Rules:
    """Decide one transfer chain, at its last leg, by billing days from the first start to the last end (0.4.2, 4.1).

    An earlier leg at another hospital may end after the last one to begin. A profile without chains counts
    every stay by itself.
    """
    if profile.is_plain:
        return length_of_stay_billing(profile)
    earlier = Exclusion(Reason.NOT_LAST_LEG, ~is_last_leg(), of_related(Role.TRANSFER, "next_leg"))
    value = days.billing_days(F.col("chain_admission_date"), "chain_discharge_date")
    return _decide(profile, value, [earlier])


def _decide(profile: Profile, value: Column, own: Sequence[Exclusion] = ()) -> Rules:
    return Rules(
        own=own,
        numerator=F.lit(True),
        value=value,
        matures_on=F.col("discharge_date"),
        event_on=F.col("discharge_date"),
    )
