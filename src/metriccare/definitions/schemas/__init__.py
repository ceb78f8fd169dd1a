"""The explicit schemas of all tables, and of the parts of FHIR R4 that are read. All as Spark DDL, without Spark."""

from metriccare.definitions.schemas.bronze import BRONZE_RECORD, INPUT_RECORD
from metriccare.definitions.schemas.fhir import SHAPES
from metriccare.definitions.schemas.gold import (
    GOLD_COVERAGE,
    GOLD_INFECTION_EVENT,
    GOLD_MEASURE_RESULT,
    GOLD_PATIENT_DAY,
    GOLD_RUN,
    GOLD_STAY_MEASURE,
    GOLD_UNMAPPED_CODE,
)
from metriccare.definitions.schemas.shape import Leaf, Shape
from metriccare.definitions.schemas.silver import (
    SILVER_CONDITION,
    SILVER_ENCOUNTER,
    SILVER_ORGANIZATION,
    SILVER_PATIENT,
    SILVER_PATIENT_CHANGE,
    SILVER_STAY,
)

__all__ = [
    "BRONZE_RECORD",
    "GOLD_COVERAGE",
    "GOLD_INFECTION_EVENT",
    "GOLD_MEASURE_RESULT",
    "GOLD_PATIENT_DAY",
    "GOLD_RUN",
    "GOLD_STAY_MEASURE",
    "GOLD_UNMAPPED_CODE",
    "INPUT_RECORD",
    "SHAPES",
    "SILVER_CONDITION",
    "SILVER_ENCOUNTER",
    "SILVER_ORGANIZATION",
    "SILVER_PATIENT",
    "SILVER_PATIENT_CHANGE",
    "SILVER_STAY",
    "Leaf",
    "Shape",
]
