"""The profile `simple`: counted as third parties count, to hold their numbers against ours (MEASURES 1.4).

No exclusions, no chains, no age limit: every finished inpatient stay with start and end.
"""

from collections.abc import Sequence

from metriccare.definitions.decision_codes import Reason, Role
from metriccare.measures.clause import Exclusion, Rules
from metriccare.measures.evidence import both, of_patient, of_related, of_stay
from metriccare.measures.readmission.measure import is_planned, is_readmitted, not_readmitted

SOURCE = "MEASURES 1.4"

NEXT = "next_stay"
"""The patient's next inpatient stay, acute or not."""

LEFT_DEAD = Exclusion(
    Reason.DIED_IN_HOSPITAL,
    "is_expired OR holds(death_date <= discharge_date)",
    both(of_stay(Role.DISPOSITION), of_patient(Role.DEATH)),
    "MEASURES 1.1.2",
)
"""The disposition says so, or a date of death lies on or before the discharge date."""


def _readmission(numerator: str, own: Sequence[Exclusion] = ()) -> Rules:
    return Rules(
        SOURCE,
        own=(LEFT_DEAD, *own),
        numerator=numerator,
        matures_on="discharge_date",
        event_on=f"{NEXT}.admission_date",
        evidence=of_related(Role.READMISSION, NEXT),
    )


def _mortality(numerator: str, event_on: str) -> Rules:
    return Rules(
        SOURCE,
        own=(),
        numerator=numerator,
        matures_on="discharge_date",
        event_on=event_on,
        evidence=of_patient(Role.DEATH),
    )


READMISSION_30_DAY = _readmission(is_readmitted(NEXT))
"""Of the stays discharged alive."""
READMISSION_30_DAY_UNPLANNED = _readmission(f"{is_readmitted(NEXT)} AND NOT {is_planned(NEXT)}")
"""The same, where the next stay is not planned by its diagnosis."""
READMISSION_PLANNED_STATUS_UNKNOWN = _readmission(f"NOT {NEXT}.is_diagnosed", [not_readmitted(NEXT)])
"""Of these readmissions: the next stay has no diagnosis, so that it can't be told whether it was planned."""
MORTALITY_IN_HOSPITAL = _mortality("death_date BETWEEN admission_date AND discharge_date", "discharge_date")
"""Of all stays: the patient's date of death is a date of the stay."""
MORTALITY_30_DAY = _mortality("death_date - admission_date BETWEEN 0 AND 30", "death_date")
"""Of all stays: the patient dies 0 to 30 days after the admission; a death may count for several stays."""
