"""In-hospital mortality (MEASURES 2.1)."""

from pyspark.sql import functions as F

from metriccare.definitions.decision_codes import Reason, Role
from metriccare.definitions.profiles import Profile
from metriccare.measures.clause import Exclusion, Rules
from metriccare.measures.cohort import not_acute, too_long, too_old_for_mortality
from metriccare.measures.evidence import both, of_patient, of_stay
from metriccare.measures.mortality.vital_status import inconsistent_vital_status
from metriccare.measures.transfer import transferred_out


def mortality_in_hospital(profile: Profile) -> Rules:
    """Decide one stay; matures on the day of discharge.

    AHRQ IQI/PSI take out transfers to acute care: the outcome is seen elsewhere.
    """
    return Rules(
        own=exclusions(profile),
        numerator=F.col("died_in_hospital"),
        value=F.col("died_in_hospital").cast("int"),
        matures_on=F.col("discharge_date"),
        event_on=F.col("discharge_date"),
        evidence=both(of_stay(Role.DISPOSITION), of_patient(Role.DEATH)),
    )


def exclusions(profile: Profile) -> list[Exclusion]:
    """Return the measure's own clauses in order."""
    return [
        *too_old_for_mortality(profile),
        *too_long(profile),
        not_acute(),
        inconsistent_vital_status(),
        disposition_missing(),
        transferred_out(),
    ]


def disposition_missing() -> Exclusion:
    """AHRQ takes out a missing disposition; here only where the source is configured as having them."""
    missing = F.col("has_dispositions") & F.col("disposition_class").isNull()
    return Exclusion(Reason.DISPOSITION_MISSING, missing, of_stay(Role.DISPOSITION))
