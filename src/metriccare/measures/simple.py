"""The profile `simple`: counted as third parties count, to hold their numbers against ours (MEASURES 1.4).

No exclusions, no chains, no age limit: every finished inpatient stay with start and end.
"""

from collections.abc import Sequence

from pyspark.sql import Column
from pyspark.sql import functions as F

from metriccare.definitions.decision_codes import Reason, Role
from metriccare.definitions.profiles import Profile
from metriccare.measures.calendar import days_between
from metriccare.measures.clause import Exclusion, Rules, holds
from metriccare.measures.evidence import both, of_patient, of_related, of_stay
from metriccare.measures.mortality.death import is_expired
from metriccare.measures.planned import is_planned
from metriccare.measures.readmission.measure import not_readmitted

LAST_DAY = 30


def readmission_30_day(profile: Profile) -> Rules:
    """Of the stays discharged alive: the patient's next inpatient stay begins 0 to 30 days after this end."""
    return _readmission(profile, is_readmitted())


def readmission_30_day_unplanned(profile: Profile) -> Rules:
    """The same, where the next stay is not planned by its diagnosis."""
    return _readmission(profile, is_readmitted() & ~is_planned(profile, F.col("next_stay")))


def readmission_planned_status_unknown(profile: Profile) -> Rules:
    """Of these readmissions: the next stay has no diagnosis, so that it can't be told whether it was planned."""
    return _readmission(profile, ~F.col("next_stay")["is_diagnosed"], [not_readmitted(is_readmitted())])


def mortality_in_hospital(profile: Profile) -> Rules:
    """Of all stays: the patient's date of death is a date of the stay."""
    return _mortality(profile, dies_within_stay(), F.col("discharge_date"))


def mortality_30_day(profile: Profile) -> Rules:
    """Of all stays: the patient dies 0 to 30 days after the admission; a death may count for several stays."""
    return _mortality(profile, dies_within_window(), F.col("death_date"))


def is_readmitted() -> Column:
    """True where the next stay, acute or not, begins on day 0 to 30."""
    day = days_between(F.col("discharge_date"), F.col("next_stay")["admission_date"])
    return holds(day.between(0, LAST_DAY))


def left_dead() -> Column:
    """True where the disposition says so or a date of death lies on or before the discharge date (1.1.2)."""
    return is_expired() | holds(F.col("death_date") <= F.col("discharge_date"))


def dies_within_stay() -> Column:
    """True where the date of death lies between admission and discharge date, both included."""
    return holds(F.col("death_date").between(F.col("admission_date"), F.col("discharge_date")))


def dies_within_window() -> Column:
    """True where the date of death lies 0 to 30 days after the admission date."""
    return holds(days_between(F.col("admission_date"), F.col("death_date")).between(0, LAST_DAY))


def _readmission(profile: Profile, counts: Column, own: Sequence[Exclusion] = ()) -> Rules:
    following = F.col("next_stay")
    dead = Exclusion(
        Reason.DIED_IN_HOSPITAL, left_dead(), both(of_stay(Role.DISPOSITION), of_patient(Role.DEATH))
    )
    return Rules(
        own=[dead, *own],
        numerator=counts,
        value=holds(counts).cast("int"),
        matures_on=F.col("discharge_date"),
        event_on=following["admission_date"],
        evidence=of_related(Role.READMISSION, "next_stay"),
    )


def _mortality(profile: Profile, died: Column, event_on: Column) -> Rules:
    return Rules(
        own=(),
        numerator=died,
        value=died.cast("int"),
        matures_on=F.col("discharge_date"),
        event_on=event_on,
        evidence=of_patient(Role.DEATH),
    )
