"""Clauses on how the patient left that several measures share (MEASURES 0.3)."""

from metriccare.definitions.decision_codes import Reason, Role
from metriccare.measures.clause import Exclusion
from metriccare.measures.evidence import of_stay

LEFT_AGAINST_MEDICAL_ADVICE = Exclusion(
    Reason.LEFT_AGAINST_MEDICAL_ADVICE,
    "disposition_class = 'left_against_medical_advice'",
    of_stay(Role.DISPOSITION),
    "MEASURES 1.1.3, 2.2",
)
"""Who left against medical advice did not get the whole treatment."""
