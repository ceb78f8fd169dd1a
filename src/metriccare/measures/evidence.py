"""The resources that the clauses point at as evidence: the stay's own encounter, its patient, a related stay."""

from pyspark.sql import Column
from pyspark.sql import functions as F

from metriccare.definitions.decision_codes import Role


def of_resource(role: Role, resource_type: str, identifier: str, sha256: str) -> Column:
    """Return a list with the one resource that decided, or null where it is not there.

    Args:
        role: what it is evidence of.
        resource_type: its FHIR type.
        identifier: the column that holds its id; the row has `source` too.
        sha256: the column that holds the hash of its body.
    """
    return F.expr(  # as one text: a call to Spark for each part would take longer than all else together
        f"CASE WHEN {sha256} IS NOT NULL THEN array(named_struct('role', '{role}', 'source', source, "
        f"'type', '{resource_type}', 'id', {identifier}, 'body_sha256', {sha256})) END"
    )


def both(first: Column, second: Column) -> Column:
    """Return the resources of two lists, either of which may be null."""
    return F.flatten(F.filter(F.array(first, second), F.isnotnull))


def of_stay(role: Role = Role.STAY) -> Column:
    """The stay's own (first) encounter."""
    return of_resource(role, "Encounter", "id", "body_sha256")


def of_patient(role: Role) -> Column:
    """The patient of the stay; `role` is what the Patient resource tells, e.g. `death`."""
    return of_resource(role, "Patient", "patient_id", "patient_sha256")


def of_related(role: Role, stay: str) -> Column:
    """Another stay of the patient, in a column that is a struct with `id` and `body_sha256`."""
    return of_resource(role, "Encounter", f"{stay}.id", f"{stay}.body_sha256")


def of_principal_diagnosis() -> Column:
    """The Condition that is the principal diagnosis; where a reasonCode is, the encounter that holds it."""
    role, condition = Role.PRINCIPAL_DIAGNOSIS, "principal_condition"
    return F.coalesce(
        of_resource(role, "Condition", f"{condition}.id", f"{condition}.body_sha256"), of_stay(role)
    )
