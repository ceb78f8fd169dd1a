"""The same pipeline in plain Spark: raw FHIR files to Parquet tables and the measures of the profile `all_adult`.

As a Spark engineer would write it: lines are read as text and parsed by explicit schemas, the newest version of each
resource is found by a window, and the steps in `spark_sql/` make stays, decisions and measures. No Hudi, no ledger, no
notebooks, nothing incremental: every run reads all files and writes all tables. Prints the costs as JSON.

    python -m benchmarks.pipeline.spark_pipeline --raw fhir_data/json --lake /tmp/plain --results plain.json
"""

import argparse
import csv
import json
import os
import time
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.parquet as pq
from benchmarks.pipeline import spark_resources as fhir
from benchmarks.pipeline.duckdb_steps import VALUE_SETS
from benchmarks.pipeline.tables import input_files
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from metriccare.runtime.java import find_java
from metriccare.runtime.spark import local_settings

SQL = Path(__file__).with_name("spark_sql")
RESULTS = "gold.measure_result"
CODE = "value_set STRING, key STRING, code STRING, category STRING, rule STRING, position INT"


class Code(NamedTuple):
    """One code of a value set; `position` is its place in the file."""

    value_set: str
    key: str
    code: str
    category: str | None
    rule: str | None
    position: int


class Tables:
    """Parquet tables in one folder; `gold.stay_measure` is the view `stay_measure` of the next steps.

    Attributes:
        steps: the seconds that each table took, by its name.
    """

    def __init__(self, spark: SparkSession, root: Path) -> None:
        self.spark, self.root = spark, root
        self.steps: dict[str, float] = {}

    def write(self, name: str, rows: DataFrame, partitioned_by: str | None = None) -> DataFrame:
        """Write a table and return it as read back."""
        start, place = time.perf_counter(), str(self.root / name)
        rows.write.mode("overwrite").parquet(place, partitionBy=partitioned_by)
        self.steps[name] = round(time.perf_counter() - start, 3)
        found = self.spark.read.parquet(place)
        found.createOrReplaceTempView(name.rpartition(".")[2])
        return found

    def keep(self, name: str, rows: DataFrame) -> DataFrame:
        """Keep rows that several steps read, until the end of the session."""
        rows.cache().createOrReplaceTempView(name)
        return rows

    def query(self, name: str, as_of: date | None = None) -> DataFrame:
        """Return what a file of `spark_sql/` selects."""
        text = (SQL / f"{name}.sql").read_text()
        return self.spark.sql(text, args={"as_of": as_of} if as_of else None)


def session() -> SparkSession:
    """Start Spark on this machine, with the settings of MetricCare's session but without Hudi."""
    os.environ.update(JAVA_HOME=str(find_java()), SPARK_LOCAL_IP="127.0.0.1")
    builder = SparkSession.builder.appName("plain")
    for name, value in local_settings().items():
        if name != "spark.sql.extensions":
            builder = builder.config(name, value)
    return builder.getOrCreate()


def build(spark: SparkSession, raw: Path, lake: Path, as_of: date | None = None) -> Tables:
    """Build all tables from all files.

    Args:
        spark: the session.
        raw: the folder of the input files.
        lake: the folder of the tables.
        as_of: last day that counts; None means the newest discharge.
    """
    tables, codes = Tables(spark, lake), value_sets()
    tables.keep("code", F.broadcast(spark.createDataFrame(codes, CODE)))
    build_resources(tables, raw, codes)
    tables.keep("segment", tables.query("segment"))
    tables.keep("member", tables.query("member"))
    build_measures(tables, as_of or newest_discharge(tables))
    return tables


def value_sets() -> list[Code]:
    """Return the codes of the package's CSV files, which are data that both sides of the comparison read."""
    return [
        Code(
            path.stem,
            f"{row['system']}|{row['code']}",
            row["code"],
            row.get("category"),
            row.get("rule"),
            position,
        )
        for path in sorted(VALUE_SETS.glob("*.csv"))
        for position, row in enumerate(csv.DictReader(path.open(encoding="utf-8")), start=1)
    ]


def build_resources(tables: Tables, raw: Path, codes: list[Code]) -> None:
    """Write the lines as received, then the newest version of each Patient, Encounter and Condition."""

    def of(value_set: str, field: str = "key") -> list[str]:
        return [getattr(code, field) for code in codes if code.value_set == value_set]

    lines = fhir.lines(tables.spark, [file.path for file in input_files([raw])])
    records = tables.write("bronze.record", lines, partitioned_by="resource_type")
    deleted = tables.keep("deletion", fhir.deletions(records, of("resource_type", "code")))

    def newest(resource_type: str, schema: str) -> DataFrame:
        return fhir.newest(records, deleted, resource_type, schema)

    visits = newest("Encounter", fhir.ENCOUNTER)
    classes = tables.spark.table("code").filter("value_set = 'encounter_class'")
    patient = tables.write("silver.patient", fhir.patients(newest("Patient", fhir.PATIENT)))
    encounter = fhir.encounters(visits, classes, of("encounter_type"), of("admit_source"))
    tables.write("silver.encounter", encounter)
    tables.write("silver.condition", fhir.conditions(newest("Condition", fhir.CONDITION)))
    tables.keep("survivor", fhir.survivors(patient))
    tables.query("live_encounter").createOrReplaceTempView("live_encounter")


def newest_discharge(tables: Tables) -> date:
    """Return the day up to which the data are complete.

    Raises:
        SystemExit: no stay has ended.
    """
    found = tables.query("as_of").collect()[0]["as_of"]
    if found is None:
        raise SystemExit("No stay has ended: pass a date with --as-of.")
    return date.fromisoformat(str(found))


def build_measures(tables: Tables, as_of: date) -> None:
    """Write stays, decisions and measures, of which nothing later than `as_of` is known."""
    for name in ("seen", "known_condition", "diagnosis", "principal"):
        tables.keep(name, tables.query(name, as_of))
    tables.write("silver.stay", tables.query("stay", as_of))
    for name in ("infection", "stay_encounter", "infection_candidate"):
        tables.keep(name, tables.query(name))
    tables.write("gold.infection_event", tables.query("infection_event"))
    tables.query("fact").createOrReplaceTempView("fact")
    for name in ("stay_measure", "patient_day", "measure_result"):
        tables.write(f"gold.{name}", tables.query(name, as_of))


def results(lake: Path) -> list[dict[str, Any]]:
    """Return the measures of a lake, one row per measure, stratum and stratum value."""
    found: list[dict[str, Any]] = pq.read_table(lake / RESULTS).to_pylist()
    return found


def main() -> None:
    """Build the tables and print the costs."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--raw", type=Path, required=True, help="FHIR files.")
    add("--lake", type=Path, required=True, help="The folder of the tables.")
    add("--as-of", type=date.fromisoformat, help="Last day that counts.  [default: the newest discharge]")
    add("--results", type=Path, help="Write the measures here, as JSON.")
    given = parser.parse_args()
    spark = session()
    start = time.perf_counter()
    tables = build(spark, given.raw, given.lake, given.as_of)
    print(json.dumps({"work_s": round(time.perf_counter() - start, 3), "steps": tables.steps}))
    if given.results:
        given.results.write_text(json.dumps(results(given.lake), indent=1, default=str))


if __name__ == "__main__":
    main()
