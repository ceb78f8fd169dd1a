"""The outcome: the next acute admission 0 to 30 days after discharge (MEASURES 1.2, 1.3)."""

from pyspark.sql import Column
from pyspark.sql import functions as F

from metriccare.measures.calendar import days_between
from metriccare.measures.clause import decision, evidence, holds
from metriccare.measures.cohort import common_exclusions
from metriccare.measures.profile import Profile
from metriccare.measures.readmission.index_admission import exclusions

LAST_DAY = 30


def readmission_30_day(profile: Profile) -> Column:
    """Decide one stay, planned readmissions included; matures 30 days after discharge."""
    return _decide(profile, is_readmitted())


def readmission_30_day_unplanned(profile: Profile) -> Column:
    """Decide one stay; a planned next admission does not count and hides a later unplanned one (1.2.4)."""
    return _decide(profile, is_readmitted() & ~F.col("next_acute")["is_planned"])


def is_readmitted() -> Column:
    """True where the next acute admission, at any hospital and for any cause, begins on day 0 to 30."""
    day = days_between(F.col("discharge_date"), F.col("next_acute")["admission_date"])
    return holds(day.between(0, LAST_DAY))


def _decide(profile: Profile, readmitted: Column) -> Column:
    following = F.col("next_acute")
    return decision(
        common_exclusions(profile),
        exclusions(),
        numerator=readmitted,
        value=holds(readmitted).cast("int"),
        matures_on=F.date_add("discharge_date", LAST_DAY),
        event_on=following["admission_date"],
        proof=evidence(
            "readmission", F.col("source"), "Encounter", following["id"], following["body_sha256"]
        ),
    )
