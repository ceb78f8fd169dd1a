"""The outcome: the next acute admission 0 to 30 days after discharge (MEASURES 1.2, 1.3)."""

from collections.abc import Sequence

from pyspark.sql import Column
from pyspark.sql import functions as F

from metriccare.definitions.decision_codes import Reason, Role
from metriccare.definitions.profiles import Profile
from metriccare.fhir.dates import days_after
from metriccare.measures.calendar import days_between
from metriccare.measures.clause import Exclusion, Rules, holds
from metriccare.measures.evidence import of_related
from metriccare.measures.planned import is_planned
from metriccare.measures.readmission.index_admission import exclusions

LAST_DAY = 30


def readmission_30_day(profile: Profile) -> Rules:
    """Decide one stay, planned readmissions included; matures 30 days after discharge."""
    return _decide(profile, is_readmitted())


def readmission_30_day_unplanned(profile: Profile) -> Rules:
    """Decide one stay; a planned next admission does not count and hides a later unplanned one (1.2.4)."""
    return _decide(profile, is_readmitted() & ~is_planned(profile, F.col("next_acute")))


def is_readmitted() -> Column:
    """True where the next acute admission, at any hospital and for any cause, begins on day 0 to 30."""
    day = days_between(F.col("discharge_date"), F.col("next_acute")["admission_date"])
    return holds(day.between(0, LAST_DAY))


def readmission_planned_status_unknown(profile: Profile) -> Rules:
    """Decide one readmission: can't it be told whether it was planned, for want of a diagnosis (1.3)?

    The denominator is the numerator of `readmission_30_day`; the share says how far to trust `_unplanned`.
    """
    return _decide(profile, ~F.col("next_acute")["is_diagnosed"], [not_readmitted(is_readmitted())])


def not_readmitted(readmitted: Column) -> Exclusion:
    """Only a readmission has a planned status."""
    return Exclusion(Reason.NOT_READMITTED, ~readmitted)


def _decide(profile: Profile, counts: Column, own: Sequence[Exclusion] = ()) -> Rules:
    following = F.col("next_acute")
    return Rules(
        own=[*exclusions(profile), *own],
        numerator=counts,
        value=holds(counts).cast("int"),
        matures_on=days_after(F.col("discharge_date"), LAST_DAY),
        event_on=following["admission_date"],
        evidence=of_related(Role.READMISSION, "next_acute"),
    )
