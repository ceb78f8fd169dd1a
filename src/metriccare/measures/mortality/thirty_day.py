"""Death within 30 days of admission, wherever it happens (MEASURES 2.2)."""

from pyspark.sql import Column
from pyspark.sql import functions as F

from metriccare.definitions.decision_codes import Reason, Role
from metriccare.definitions.profiles import Profile
from metriccare.fhir.dates import days_after
from metriccare.measures.calendar import days_between
from metriccare.measures.clause import Exclusion, Rules
from metriccare.measures.cohort import not_acute, too_long, too_old_for_mortality
from metriccare.measures.disposition import left_against_medical_advice
from metriccare.measures.evidence import of_patient, of_related, of_stay
from metriccare.measures.mortality.selection import one_per_patient
from metriccare.measures.mortality.vital_status import (
    death_date_unknown,
    demographics_unreliable,
    inconsistent_vital_status,
)
from metriccare.measures.transfer import transferred_in

LAST_DAY = 30


def mortality_30_day(profile: Profile) -> Rules:
    """Decide one stay; matures 30 days after admission."""
    died = dies_within_window()
    own = exclusions(profile)
    return Rules(
        own=[*own, *one_per_patient(profile, own)],
        numerator=died,
        value=F.coalesce(died, F.lit(False)).cast("int"),
        matures_on=days_after(F.col("admission_date"), LAST_DAY),
        event_on=F.col("death_on"),
        evidence=of_patient(Role.DEATH),
    )


def exclusions(profile: Profile) -> list[Exclusion]:
    """Return the measure's own clauses in order."""
    return [
        *too_old_for_mortality(profile),
        *too_long(profile),
        not_acute(),
        inconsistent_vital_status(),
        death_date_unknown(),
        demographics_unreliable(),
        left_against_medical_advice(),
        transferred_in(),
        Exclusion(
            Reason.HOSPICE_AT_ADMISSION, F.col("admit_source_class") == "hospice", of_stay(Role.ADMIT_SOURCE)
        ),
        Exclusion(
            Reason.HOSPICE_PRIOR_12_MONTHS,
            F.col("last_hospice").isNotNull(),
            of_related(Role.HOSPICE, "last_hospice"),
        ),
    ]


def dies_within_window() -> Column:
    """True where the death belongs to this stay's chain and lies 0 to 30 days after admission.

    A death belongs to the latest admission of any kind before it, so that it is counted once.
    """
    day = days_between(F.col("admission_date"), F.col("death_on"))
    return day.between(0, LAST_DAY) & (F.col("death_chain_id") == F.col("chain_id"))
