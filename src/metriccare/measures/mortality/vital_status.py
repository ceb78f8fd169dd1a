"""When it can't be told whether, when or who died: the clauses on vital status and demographics (MEASURES 2.2)."""

from metriccare.definitions.decision_codes import Reason, Role
from metriccare.measures.clause import Exclusion
from metriccare.measures.evidence import both, of_patient, of_related

_OF_DEATH = both(of_patient(Role.DEATH), of_related(Role.STAY_AFTER_DEATH, "last_stay"))

INCONSISTENT_VITAL_STATUS = Exclusion(
    Reason.INCONSISTENT_VITAL_STATUS,
    "is_vital_status_inconsistent",
    f"CASE WHEN is_born_later THEN {of_patient(Role.BIRTH)} ELSE {_OF_DEATH} END",
    "MEASURES 2.2",
)
"""The date of death lies before an admission of the patient, or the birth after this one."""

DEATH_DATE_UNKNOWN = Exclusion(
    Reason.DEATH_DATE_UNKNOWN, "is_deceased AND death_on IS NULL", of_patient(Role.DEATH), "MEASURES 2.2"
)
"""Known to be dead, but neither from a usable date nor from a stay that ended in death."""

DEMOGRAPHICS_UNRELIABLE = Exclusion(
    Reason.DEMOGRAPHICS_UNRELIABLE,
    "coalesce(sex, 'unknown') = 'unknown' OR age > 115",
    of_patient(Role.BIRTH),
    "MEASURES 2.2",
)
"""Without sex, or older than 115: measure 0229 leaves out patients with unreliable age or sex."""
