"""The outcome: the next acute admission 0 to 30 days after discharge (MEASURES 1.2, 1.3)."""

from collections.abc import Sequence

from metriccare.definitions.decision_codes import Reason, Role
from metriccare.measures.clause import Exclusion, Rules
from metriccare.measures.evidence import of_related
from metriccare.measures.readmission.index_admission import INDEX_ADMISSION


def is_readmitted(following: str) -> str:
    """Return SQL for: the following stay, at any hospital and for any cause, begins on day 0 to 30."""
    return f"holds({following}.admission_date - discharge_date BETWEEN 0 AND 30)"


def is_planned(following: str) -> str:
    """Return SQL for: planned by its diagnosis, or, for a profile that takes that for enough, since it was elective."""
    return f"({following}.is_planned OR (counts_planned_proxy AND {following}.is_planned_by_proxy))"


def not_readmitted(following: str) -> Exclusion:
    """Only a readmission has a planned status (1.3)."""
    return Exclusion(Reason.NOT_READMITTED, f"NOT {is_readmitted(following)}", "", "MEASURES 1.3")


def _readmission(source: str, numerator: str, own: Sequence[Exclusion] = ()) -> Rules:
    """Decide one stay; matures 30 days after discharge."""
    return Rules(
        source,
        own=(*INDEX_ADMISSION, *own),
        numerator=numerator,
        matures_on="days_after(discharge_date, 30)",
        event_on="next_acute.admission_date",
        evidence=of_related(Role.READMISSION, "next_acute"),
    )


READMISSION_30_DAY = _readmission("MEASURES 1.2", is_readmitted("next_acute"))
"""Planned readmissions included."""

READMISSION_30_DAY_UNPLANNED = _readmission(
    "MEASURES 1.2.4, 1.3", f"{is_readmitted('next_acute')} AND NOT {is_planned('next_acute')}"
)
"""A planned next admission does not count and hides a later unplanned one."""

READMISSION_PLANNED_STATUS_UNKNOWN = _readmission(
    "MEASURES 1.3", "NOT next_acute.is_diagnosed", [not_readmitted("next_acute")]
)
"""Can't it be told whether a readmission was planned, for want of a diagnosis?

The denominator is the numerator of `readmission_30_day`; the share says how far to trust `_unplanned`.
"""
