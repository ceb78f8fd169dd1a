"""MetricCare: four CMS-style hospital measures from FHIR R4, on a lakehouse of Apache Hudi tables."""

__version__ = "0.1.0"
