"""The reader of NDJSON, whose lines are FHIR R4 resources."""
