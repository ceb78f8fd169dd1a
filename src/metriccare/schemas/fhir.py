"""What is read of the FHIR R4 resources. Every leaf is text: types are silver's business, nothing is lost by a cast."""

CODING = "STRUCT<system: STRING, code: STRING, display: STRING>"
CONCEPT = f"STRUCT<coding: ARRAY<{CODING}>, text: STRING>"
REFERENCE = "STRUCT<reference: STRING, display: STRING>"
PERIOD = "STRUCT<start: STRING, `end`: STRING>"
REQUEST = "request STRUCT<method: STRING>"  # of a Bundle's entry that deletes the resource

FHIR_PATIENT = f"""
    {REQUEST},
    meta STRUCT<tag: ARRAY<{CODING}>>, birthDate STRING, gender STRING,
    deceasedBoolean STRING, deceasedDateTime STRING,
    link ARRAY<STRUCT<type: STRING, other: {REFERENCE}>>
"""

FHIR_ENCOUNTER = f"""
    {REQUEST},
    status STRING, class {CODING}, type ARRAY<{CONCEPT}>, priority {CONCEPT},
    subject {REFERENCE}, partOf {REFERENCE}, serviceProvider {REFERENCE}, period {PERIOD},
    reasonCode ARRAY<{CONCEPT}>,
    diagnosis ARRAY<STRUCT<
        condition: {REFERENCE}, use: {CONCEPT}, rank: STRING,
        extension: ARRAY<STRUCT<url: STRING, valueCodeableConcept: {CONCEPT}>>>>,
    hospitalization STRUCT<admitSource: {CONCEPT}, dischargeDisposition: {CONCEPT}, reAdmission: {CONCEPT}>
"""

FHIR_CONDITION = f"""
    {REQUEST},
    subject {REFERENCE}, encounter {REFERENCE}, code {CONCEPT}, category ARRAY<{CONCEPT}>,
    clinicalStatus {CONCEPT}, verificationStatus {CONCEPT},
    onsetDateTime STRING, onsetPeriod {PERIOD}, recordedDate STRING, abatementDateTime STRING
"""

FHIR_ORGANIZATION = f"{REQUEST}, name STRING, active STRING"
