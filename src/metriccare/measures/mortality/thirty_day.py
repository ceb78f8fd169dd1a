"""Death within 30 days of admission, wherever it happens (MEASURES 2.2)."""

from metriccare.definitions.decision_codes import Reason, Role
from metriccare.measures.clause import Exclusion, Rules
from metriccare.measures.cohort import NOT_ACUTE, TOO_LONG, TOO_OLD_FOR_MORTALITY
from metriccare.measures.disposition import LEFT_AGAINST_MEDICAL_ADVICE
from metriccare.measures.evidence import of_patient, of_related, of_stay
from metriccare.measures.mortality.vital_status import (
    DEATH_DATE_UNKNOWN,
    DEMOGRAPHICS_UNRELIABLE,
    INCONSISTENT_VITAL_STATUS,
)
from metriccare.measures.transfer import TRANSFERRED_IN

HOSPICE_AT_ADMISSION = Exclusion(
    Reason.HOSPICE_AT_ADMISSION,
    "admit_source_class = 'hospice'",
    of_stay(Role.ADMIT_SOURCE),
    "MEASURES 2.2",
)
HOSPICE_PRIOR_12_MONTHS = Exclusion(
    Reason.HOSPICE_PRIOR_12_MONTHS,
    "last_hospice IS NOT NULL",
    of_related(Role.HOSPICE, "last_hospice"),
    "MEASURES 2.2",
)
NOT_SELECTED = Exclusion(Reason.NOT_SELECTED, "is_another_selected", "", "MEASURES 2.2")
"""One admission per patient and year: an option, since CMS draws one at random."""

MORTALITY_30_DAY = Rules(
    "MEASURES 2.2",
    own=(
        TOO_OLD_FOR_MORTALITY,
        TOO_LONG,
        NOT_ACUTE,
        INCONSISTENT_VITAL_STATUS,
        DEATH_DATE_UNKNOWN,
        DEMOGRAPHICS_UNRELIABLE,
        LEFT_AGAINST_MEDICAL_ADVICE,
        TRANSFERRED_IN,
        HOSPICE_AT_ADMISSION,
        HOSPICE_PRIOR_12_MONTHS,
    ),
    selection=NOT_SELECTED,
    numerator="death_on - admission_date BETWEEN 0 AND 30 AND death_chain_id = chain_id",
    matures_on="days_after(admission_date, 30)",
    event_on="death_on",
    evidence=of_patient(Role.DEATH),
)
"""A death belongs to the latest admission of any kind before it, so that it is counted once."""
