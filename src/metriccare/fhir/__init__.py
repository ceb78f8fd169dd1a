"""FHIR R4 data types as Spark columns: dates of any precision, references of any form, coded concepts."""
