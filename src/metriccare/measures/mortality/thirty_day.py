"""Death within 30 days of admission, wherever it happens (MEASURES 2.2)."""

from pyspark.sql import Column
from pyspark.sql import functions as F

from metriccare.measures.calendar import days_between
from metriccare.measures.clause import Exclusion, decision
from metriccare.measures.cohort import common_exclusions, not_acute
from metriccare.measures.profile import Profile
from metriccare.measures.transfer import is_first_leg

LAST_DAY = 30
HOSPICE_DAYS = 365


def mortality_30_day(profile: Profile) -> Column:
    """Decide one stay; matures 30 days after admission."""
    died = dies_within_window()
    return decision(
        common_exclusions(profile),
        exclusions(),
        numerator=died,
        value=F.coalesce(died, F.lit(False)).cast("int"),
        matures_on=F.date_add("admission_date", LAST_DAY),
        event_on=F.col("death_on"),
    )


def exclusions() -> list[Exclusion]:
    """Return the measure's own clauses in order."""
    return [
        not_acute(),
        Exclusion("inconsistent_vital_status", F.col("is_vital_status_inconsistent")),
        Exclusion("death_date_unknown", F.col("is_deceased") & F.col("death_on").isNull()),
        Exclusion("left_against_medical_advice", F.col("disposition_class") == "left_against_medical_advice"),
        Exclusion("transferred_in", ~is_first_leg()),
        Exclusion("hospice_prior_12_months", had_hospice_before()),
    ]


def had_hospice_before() -> Column:
    """True where an earlier stay ended in hospice within the year before this admission."""
    return F.exists(
        "hospice_discharge_dates",
        lambda left: days_between(left, F.col("admission_date")).between(0, HOSPICE_DAYS),
    )


def dies_within_window() -> Column:
    """True where the death belongs to this stay's chain and lies 0 to 30 days after admission.

    A death belongs to the latest admission of any kind before it, so that it is counted once.
    """
    day = days_between(F.col("admission_date"), F.col("death_on"))
    return day.between(0, LAST_DAY) & (F.col("death_chain_id") == F.col("chain_id"))
