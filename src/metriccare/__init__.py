"""MetricCare: four CMS-style hospital measures from FHIR R4, on a lakehouse of Apache Hudi tables."""

import logging

__version__ = "0.1.0"

logging.getLogger(__name__).addHandler(logging.NullHandler())  # quiet, unless `runtime.logs` is configured
