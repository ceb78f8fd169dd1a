"""Clauses on how the patient left that several measures share (MEASURES 0.3)."""

from pyspark.sql import functions as F

from metriccare.definitions.decision_codes import Reason, Role
from metriccare.measures.clause import Exclusion
from metriccare.measures.evidence import of_stay


def left_against_medical_advice() -> Exclusion:
    """Who left against medical advice did not get the whole treatment (1.1.3, 2.2)."""
    left = F.col("disposition_class") == "left_against_medical_advice"
    return Exclusion(Reason.LEFT_AGAINST_MEDICAL_ADVICE, left, of_stay(Role.DISPOSITION))
