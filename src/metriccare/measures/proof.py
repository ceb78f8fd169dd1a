"""The resources that the clauses point at as evidence: the stay's own encounter, its patient, a related stay."""

from pyspark.sql import Column
from pyspark.sql import functions as F

from metriccare.measures.clause import evidence

DIAGNOSIS_ON_ADMISSION = "diagnosis_on_admission"


def of_stay(role: str = "stay") -> Column:
    """The stay's own (first) encounter."""
    return evidence(role, "Encounter", "id", "body_sha256")


def of_patient(role: str) -> Column:
    """The patient of the stay; `role` is what the Patient resource tells, e.g. `death`."""
    return evidence(role, "Patient", "patient_id", "patient_sha256")


def of_related(role: str, stay: str) -> Column:
    """Another stay of the patient, in a column that is a struct with `id` and `body_sha256`."""
    return evidence(role, "Encounter", f"{stay}.id", f"{stay}.body_sha256")


def of_principal_diagnosis() -> Column:
    """The Condition that is the principal diagnosis; where a reasonCode is, the encounter that holds it."""
    role, condition = "principal_diagnosis", "principal_condition"
    return F.coalesce(
        evidence(role, "Condition", f"{condition}.id", f"{condition}.body_sha256"), of_stay(role)
    )
