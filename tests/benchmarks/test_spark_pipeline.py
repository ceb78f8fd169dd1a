from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from benchmarks.pipeline import duckdb_pipeline, spark_pipeline
from benchmarks.pipeline.compare import STRATA, compare
from benchmarks.pipeline.duckdb_steps import Options
from benchmarks.pipeline.tables import table_path
from pyspark.sql import SparkSession
from tests.benchmarks.fhir_files import Resource, deletion, deliver, patient, stay

from metriccare.generate import generate

SNOMED, SEPSIS, COVID_19 = "http://snomed.info/sct", "91302008", "840539006"
DISPOSITION = "http://terminology.hl7.org/CodeSystem/discharge-disposition"
UB_04 = "http://www.nubc.org/patient-discharge"
INDICATOR = "http://hl7.org/fhir/us/qicore/StructureDefinition/qicore-encounter-diagnosisPresentOnAdmission"
pytestmark = pytest.mark.long  # guards the figures of benchmarks/, nothing of the package

COMPARED = {
    "silver.stay": [
        "source",
        "id",
        "patient_id",
        "encounter_ids",
        "is_open",
        "chain_id",
        "disposition_class",
        "age",
    ],
    "gold.infection_event": [
        "source",
        "condition_id",
        "stay_id",
        "type",
        "event_date",
        "decision",
        "hospital_day",
    ],
    "gold.stay_measure": [
        *("source", "stay_id", "patient_id", "hospital_id", "admission_date", "discharge_date", "is_initial"),
        *("is_in_census", "is_index", "is_readmitted", "is_at_risk", "died_in_hospital", "is_followed"),
        *("died_in_30_days", "billing_days"),
    ],
    "gold.patient_day": ["source", "stay_id", "month", "is_same_day", "days"],
    "gold.measure_result": ["measure", "stratum", "stratum_value", "as_of", "numerator", "denominator"],
}


@pytest.fixture(scope="module")
def lakes(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the tables of both pipelines, from two generated deliveries and the odd cases below."""
    folder = tmp_path_factory.mktemp("both")
    generate(120, 7, folder / "generated", batches=1, batch_share=0.2)
    deliver(folder / "generated" / "json" / "source=odd", odd_cases())
    raw = folder / "generated" / "json"
    spark_pipeline.build(spark.newSession(), raw, folder / "spark")
    duckdb_pipeline.update([raw], folder / "duckdb", Options(threads=1))
    return folder


@pytest.mark.parametrize("table", COMPARED)
def test_plain_spark_and_duckdb_have_the_same_rows(lakes: Path, table: str) -> None:
    columns = COMPARED[table]
    theirs = rows(table_path(lakes / "duckdb", table.partition(".")[2]), columns)
    assert theirs
    assert rows(lakes / "spark" / table, columns) == theirs


def test_the_results_can_be_compared_with_those_of_other_pipelines(lakes: Path) -> None:
    found = spark_pipeline.results(lakes / "spark")
    assert {row["stratum"] for row in found} == set(STRATA)
    assert compare(duckdb_pipeline.results(lakes / "duckdb"), found) == []


def test_the_odd_cases_are_in_the_tables(lakes: Path) -> None:
    stays = {row["id"]: row for row in pq.read_table(lakes / "spark" / "silver.stay").to_pylist()}
    decisions = pq.read_table(lakes / "spark" / "gold.infection_event").to_pylist()
    decided = {row["condition_id"]: row["decision"] for row in decisions}
    assert stays["of-merged"]["patient_id"] == "merged-3"
    assert stays["of-cycle"]["patient_id"] == "cycle-1"
    assert {"part", "deleted", "in-error", "garbage"}.isdisjoint(stays)
    assert {"loop-1", "loop-2", "part-of-itself", "not-deleted"} <= stays.keys()
    assert stays["leg-2"]["chain_id"] == "leg-1"
    assert stays["overlapping"]["encounter_ids"] == ["overlapping", "overlapped"]
    assert [decided[name] for name in ("first", "repeat", "after-14-days")] == [
        "hospital_onset",
        "repeat_within_14_days",
        "hospital_onset",
    ]
    assert decided["on-a-part"] == "hospital_onset"
    assert decided["by-indicator"] == "present_on_admission"


def odd_cases() -> Iterable[Resource | str]:
    """Cases that a generated set has rarely or never."""
    yield from [patient("merged-1", "merged-2"), patient("merged-2", "merged-3"), patient("merged-3")]
    yield from [
        patient("cycle-1", "cycle-2"),
        patient("cycle-2", "cycle-1"),
        patient("into-cycle", "cycle-1"),
    ]
    yield from [stay("of-merged", "merged-1"), stay("of-cycle", "cycle-1"), stay("into-cycle", "into-cycle")]

    yield patient("links")
    yield stay("whole", "links") | {"hospitalization": disposition(UB_04, "7")}
    yield part_of("part", "whole")
    yield part_of("part-of-part", "part")
    yield part_of("part-of-itself", "part-of-itself") | at("second")
    yield from [part_of("loop-1", "loop-2") | at("third"), part_of("loop-2", "loop-1") | at("fourth")]
    yield condition("on-a-part", "links", SEPSIS, "2025-03-04", encounter="part")

    yield patient("moves")
    yield stay("leg-1", "moves", start="2025-05-01", end="2025-05-04")
    yield stay("leg-2", "moves", start="2025-05-05", end="2025-05-30") | at("other")
    yield stay("overlapping", "moves", start="2025-07-01T08:00:00Z", end="2025-07-03T08:00:00Z")
    yield stay("overlapped", "moves", start="2025-07-02T08:00:00+02:00", end="2025-07-09")
    yield stay("reversed", "moves", start="2025-09-05", end="2025-09-01")
    yield stay("partial", "moves", start="2025-10", end="2025-10-20")
    yield stay("goes-on", "moves", start="2025-11-01", status="in-progress")
    yield condition("first", "moves", SEPSIS, "2025-05-08")
    yield condition("repeat", "moves", SEPSIS, "2025-05-21")
    yield condition("after-14-days", "moves", SEPSIS, "2025-05-22")
    yield condition("problem", "moves", SEPSIS, "2025-07-05", category="problem-list-item")

    yield patient("dies") | {"deceasedDateTime": "2025-06-20T10:00:00-05:00"}
    yield stay("hospice", "dies", start="2025-06-01", end="2025-06-05") | {
        "hospitalization": disposition(DISPOSITION, "hosp")
    }
    yield stay("dies", "dies", start="2025-06-18", end="2025-06-20") | {
        "hospitalization": disposition(DISPOSITION, "exp"),
        "diagnosis": [
            {
                "condition": {"reference": "urn:uuid:by-indicator"},
                "rank": 1,
                "extension": [{"url": INDICATOR, "valueCodeableConcept": {"coding": [{"code": "y"}]}}],
            }
        ],
    }
    yield condition("by-indicator", "dies", COVID_19, "2025-06-20")

    yield patient("deletes")
    yield from [stay("deleted", "deletes"), deletion("Encounter/deleted")]
    yield from [stay("not-deleted", "deletes"), deletion("Encounter/not-deleted", "Encounter?subject=x")]
    yield stay("in-error", "deletes", status="entered-in-error")
    yield '{"resourceType": "Encounter", "id": "garbage", "status"'
    yield "[1, 2]"


def part_of(id: str, whole: str) -> Resource:
    return stay(id, "links") | {
        "partOf": {"reference": f"https://example.org/fhir/Encounter/{whole}/_history/2"}
    }


def at(hospital: str) -> Resource:
    return {"serviceProvider": {"reference": f"Organization?identifier=https://example.org|{hospital}"}}


def disposition(system: str, code: str) -> Resource:
    return {"dischargeDisposition": {"coding": [{"code": "local"}, {"system": system, "code": code}]}}


def condition(
    id: str,
    patient_id: str,
    code: str,
    onset: str,
    encounter: str = "",
    category: str = "encounter-diagnosis",
) -> Resource:
    return {
        "resourceType": "Condition",
        "id": id,
        "subject": {"reference": f"Patient/{patient_id}"},
        "code": {"coding": [{"system": "local", "code": "1"}, {"system": SNOMED, "code": code}]},
        "category": [{"coding": [{"code": category}]}],
        "onsetDateTime": onset,
    } | ({"encounter": {"reference": f"Encounter/{encounter}"}} if encounter else {})


def rows(path: Path, columns: list[str]) -> list[dict[str, Any]]:
    """The rows of a table in a fixed order."""
    return sorted(pq.read_table(path, columns=columns).to_pylist(), key=repr)
