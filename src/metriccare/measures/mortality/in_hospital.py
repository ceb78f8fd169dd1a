"""In-hospital mortality (MEASURES 2.1)."""

from metriccare.definitions.decision_codes import Reason, Role
from metriccare.measures.clause import Exclusion, Rules
from metriccare.measures.cohort import NOT_ACUTE, TOO_LONG, TOO_OLD_FOR_MORTALITY
from metriccare.measures.evidence import both, of_patient, of_stay
from metriccare.measures.mortality.vital_status import INCONSISTENT_VITAL_STATUS
from metriccare.measures.transfer import TRANSFERRED_OUT

DISPOSITION_MISSING = Exclusion(
    Reason.DISPOSITION_MISSING,
    "has_dispositions AND disposition_class IS NULL",
    of_stay(Role.DISPOSITION),
    "MEASURES 2.1",
)
"""AHRQ takes out a missing disposition; here only where the source is configured as having them."""

DEATH_UNPLACED = Exclusion(
    Reason.DEATH_DATE_UNKNOWN,
    "disposition_class = 'unknown' AND is_deceased AND death_on IS NULL",
    of_patient(Role.DEATH),
    "MEASURES 2.1",
)
"""Known to be dead, without a date, after a stay with a disposition that no map knows: it may say that they died."""

MORTALITY_IN_HOSPITAL = Rules(
    "MEASURES 2.1",
    own=(
        TOO_OLD_FOR_MORTALITY,
        TOO_LONG,
        NOT_ACUTE,
        INCONSISTENT_VITAL_STATUS,
        DISPOSITION_MISSING,
        DEATH_UNPLACED,
        TRANSFERRED_OUT,
    ),
    numerator="died_in_hospital",
    matures_on="discharge_date",
    event_on="discharge_date",
    evidence=both(of_stay(Role.DISPOSITION), of_patient(Role.DEATH)),
)
"""AHRQ IQI/PSI take out transfers to acute care: the outcome is seen elsewhere."""
