"""Elements common to all Encounters, and the concepts they use."""

from metriccare.definitions.value_sets import load
from metriccare.generate.plan import Hospital, Infection, PatientPlan
from metriccare.generate.render.common import Resource, coding, hl7, identifier, meta, provider

POA_EXTENSION = (
    "http://hl7.org/fhir/us/qicore/StructureDefinition/qicore-encounter-diagnosisPresentOnAdmission"
)
POA_SYSTEM = "https://www.cms.gov/Medicare/Medicare-Fee-for-Service-Payment/HospitalAcqCond/Coding"
CLASSES = {code.code: coding(code.system, code.code, code.display) for code in load("encounter_class")}
ROLES = {
    code: hl7("diagnosis-role", code, display)
    for code, display in (
        ("AD", "Admission diagnosis"),
        ("DD", "Discharge diagnosis"),
        ("CM", "Comorbidity diagnosis"),
    )
}
PRIORITIES = {
    code: hl7("v3-ActPriority", code, display)
    for code, display in (("EL", "elective"), ("EM", "emergency"), ("UR", "urgent"), ("R", "routine"))
}
ADMIT_SOURCES = {
    code: hl7("admit-source", code, display)
    for code, display in (
        ("emd", "From accident/emergency department"),
        ("hosp-trans", "Transferred from other hospital"),
        ("gp", "General Practitioner referral"),
    )
}


def encounter(
    identity: str,
    plan: PatientPlan,
    hospital: Hospital,
    *,
    class_code: str,
    start: str,
    end: str | None,
    last_fact: int,
    status: str = "finished",
) -> Resource:
    """Return the elements common to all Encounters; `end` is None for an open one."""
    return {
        "resourceType": "Encounter",
        "id": identity,
        "meta": meta(hospital.clock, last_fact, version=1 if end is None else 2),
        "identifier": identifier("visit", identity),
        "status": status,
        "class": CLASSES[class_code],
        "subject": {"reference": f"Patient/{plan.person.id}"},
        "period": {"start": start, "end": end} if end else {"start": start},
        "serviceProvider": provider(hospital),
    }


def diagnosis(condition_id: str, role: str, rank: int, infection: Infection | None = None) -> Resource:
    """Return an Encounter.diagnosis; rank 1 is the principal diagnosis. An infection may have a POA indicator."""
    entry: Resource = {
        "condition": {"reference": f"Condition/{condition_id}"},
        "use": ROLES[role],
        "rank": rank,
    }
    if infection and infection.poa:
        indicator = {"coding": [{"system": POA_SYSTEM, "code": infection.poa}]}
        entry["extension"] = [{"url": POA_EXTENSION, "valueCodeableConcept": indicator}]
    return entry
