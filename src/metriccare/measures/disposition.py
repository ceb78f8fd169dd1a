"""Clauses on how the patient left that several measures share (MEASURES 0.3)."""

from pyspark.sql import functions as F

from metriccare.measures.clause import Exclusion
from metriccare.measures.proof import of_stay


def left_against_medical_advice() -> Exclusion:
    """Who left against medical advice did not get the whole treatment (1.1.3, 2.2)."""
    left = F.col("disposition_class") == "left_against_medical_advice"
    return Exclusion("left_against_medical_advice", left, of_stay("disposition"))
