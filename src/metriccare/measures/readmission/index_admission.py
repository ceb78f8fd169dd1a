"""Index admissions: the denominator (MEASURES 1.1), a declaration per clause."""

from metriccare.definitions.decision_codes import Reason, Role
from metriccare.measures.clause import Exclusion
from metriccare.measures.cohort import NOT_ACUTE, TOO_LONG
from metriccare.measures.disposition import LEFT_AGAINST_MEDICAL_ADVICE
from metriccare.measures.evidence import both, of_patient, of_principal_diagnosis, of_related, of_stay
from metriccare.measures.mortality.vital_status import INCONSISTENT_VITAL_STATUS
from metriccare.measures.readmission.covid_19 import COVID_19
from metriccare.measures.transfer import TRANSFERRED_OUT

DIED = Exclusion(
    Reason.DIED_IN_HOSPITAL,
    "died_in_hospital OR is_expired",
    both(of_stay(Role.DISPOSITION), of_patient(Role.DEATH)),
    "MEASURES 1.1.2",
)
DIED_THAT_DAY = Exclusion(
    Reason.DIED_ON_DISCHARGE_DATE, "died_on_discharge_date", of_patient(Role.DEATH), "MEASURES 1.1.2, 2.1"
)


def _admitted_for(specialty: Reason) -> Exclusion:
    """The principal diagnosis is in the value set of that specialty."""
    condition = f"list_contains(index_categories, '{specialty}')"
    return Exclusion(specialty, condition, of_principal_diagnosis(), "MEASURES 1.1.6")


PSYCHIATRIC = _admitted_for(Reason.PSYCHIATRIC)
REHABILITATION = _admitted_for(Reason.REHABILITATION)
CANCER_TREATMENT = _admitted_for(Reason.CANCER_TREATMENT)
CANCER_HOSPITAL = Exclusion(Reason.CANCER_HOSPITAL, "is_cancer_hospital", of_stay(), "MEASURES 1.1.6")

SAME_DAY_CONTINUATION = Exclusion(
    Reason.SAME_DAY_CONTINUATION,
    "is_back_the_same_day AND list_has_any(diagnosis_keys, next_acute.diagnosis_keys)",
    of_related(Role.CONTINUATION, "next_acute"),
    "MEASURES 0.4.6",
)
"""The patient is back in the same hospital on the same day with the same diagnosis.

The two are one continuous stay and the later one is the index admission. An unknown diagnosis counts as a different
one.
"""

INDEX_ADMISSION = (
    TOO_LONG,
    NOT_ACUTE,
    INCONSISTENT_VITAL_STATUS,
    DIED,
    DIED_THAT_DAY,
    LEFT_AGAINST_MEDICAL_ADVICE,
    TRANSFERRED_OUT,
    PSYCHIATRIC,
    REHABILITATION,
    CANCER_TREATMENT,
    CANCER_HOSPITAL,
    COVID_19,
    SAME_DAY_CONTINUATION,
)
