"""The resources that the clauses point at as evidence: the stay's own encounter, its patient, a related stay."""

from metriccare.definitions.decision_codes import Role


def of_resource(role: Role, resource_type: str, identifier: str, sha256: str) -> str:
    """Return SQL for a list with the one resource that decided, or null where it is not there.

    Args:
        role: what it is evidence of.
        resource_type: its FHIR type.
        identifier: the column that holds its id; the row has `source` too.
        sha256: the column that holds the hash of its body.
    """
    return f"proof('{role}', source, '{resource_type}', {identifier}, {sha256})"


def both(first: str, second: str) -> str:
    """Return SQL for the resources of two lists, either of which may be null."""
    return f"proofs({first}, {second})"


def of_stay(role: Role = Role.STAY) -> str:
    """The stay's own (first) encounter."""
    return of_resource(role, "Encounter", "id", "body_sha256")


def of_patient(role: Role) -> str:
    """The patient of the stay; `role` is what the Patient resource tells, e.g. `death`."""
    return of_resource(role, "Patient", "patient_id", "patient_sha256")


def of_related(role: Role, stay: str) -> str:
    """Another stay of the patient, in a column that is a struct with `id` and `body_sha256`."""
    return of_resource(role, "Encounter", f"{stay}.id", f"{stay}.body_sha256")


def of_principal_diagnosis() -> str:
    """The Condition that is the principal diagnosis; where a reasonCode is, the encounter that holds it."""
    role, condition = Role.PRINCIPAL_DIAGNOSIS, "principal_condition"
    of_condition = of_resource(role, "Condition", f"{condition}.id", f"{condition}.body_sha256")
    return f"coalesce({of_condition}, {of_stay(role)})"
