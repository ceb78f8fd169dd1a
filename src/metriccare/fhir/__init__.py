"""FHIR R4 data types as Spark columns (dates, references, coded concepts), and the reader of NDJSON."""
