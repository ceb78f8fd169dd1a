"""What is read of the FHIR R4 resources, by their types."""

from metriccare.definitions.schemas.shape import Leaf, Shape

_TEXT = Leaf.TEXT
_CODING: Shape = {"system": _TEXT, "code": _TEXT, "display": _TEXT}
_CONCEPT: Shape = {"coding": [_CODING], "text": _TEXT}
_REFERENCE: Shape = {"reference": _TEXT, "type": _TEXT, "display": _TEXT}
_PERIOD: Shape = {"start": _TEXT, "end": _TEXT}

SHAPES: dict[str, dict[str, Shape]] = {
    "Patient": {
        "meta": {"tag": [_CODING]},
        "birthDate": _TEXT,
        "gender": _TEXT,
        "deceasedBoolean": Leaf.BOOLEAN,
        "deceasedDateTime": _TEXT,
        "link": [{"type": _TEXT, "other": _REFERENCE}],
    },
    "Encounter": {
        "status": _TEXT,
        "class": _CODING,
        "type": [_CONCEPT],
        "priority": _CONCEPT,
        "subject": _REFERENCE,
        "partOf": _REFERENCE,
        "serviceProvider": _REFERENCE,
        "period": _PERIOD,
        "reasonCode": [_CONCEPT],
        "diagnosis": [
            {
                "condition": _REFERENCE,
                "use": _CONCEPT,
                "rank": Leaf.NUMBER,
                "extension": [{"url": _TEXT, "valueCodeableConcept": _CONCEPT}],
            }
        ],
        "hospitalization": {
            "admitSource": _CONCEPT,
            "dischargeDisposition": _CONCEPT,
            "reAdmission": _CONCEPT,
        },
    },
    "Condition": {
        "subject": _REFERENCE,
        "encounter": _REFERENCE,
        "code": _CONCEPT,
        "category": [_CONCEPT],
        "clinicalStatus": _CONCEPT,
        "verificationStatus": _CONCEPT,
        "onsetDateTime": _TEXT,
        "onsetPeriod": _PERIOD,
        "recordedDate": _TEXT,
        "abatementDateTime": _TEXT,
    },
    "Organization": {"name": _TEXT, "active": Leaf.BOOLEAN},
}

CODING = "STRUCT<system: STRING, code: STRING, display: STRING>"
