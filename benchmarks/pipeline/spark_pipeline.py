"""The same tables with plain Spark and Parquet: no Hudi, no ledger, no notebooks, nothing incremental.

The tables are computed by the same functions of the layers, so the difference in cost is that of the lakehouse around
them. Every run reads all files and writes all tables. Prints the costs as JSON.

    python -m benchmarks.pipeline.spark_pipeline --raw fhir_data/json --lake /tmp/plain
"""

import argparse
import json
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession

from metriccare import bronze, measures, quality, silver
from metriccare.definitions import schemas
from metriccare.lake.raw_files import list_files
from metriccare.lake.raw_reader import scan
from metriccare.runtime.spark import get_spark

RUN = "plain"


class Folder:
    """Tables of Parquet files in one folder, and the seconds that writing each of them took."""

    def __init__(self, spark: SparkSession, root: Path) -> None:
        self.spark, self.root = spark, root
        self.steps: dict[str, float] = {}

    def write(self, name: str, rows: DataFrame) -> DataFrame:
        """Write a table and return it as read back."""
        start, place = time.perf_counter(), str(self.root / name)
        rows.write.mode("overwrite").parquet(place)
        self.steps[name] = round(time.perf_counter() - start, 3)
        return self.spark.read.parquet(place)


def build(spark: SparkSession, raw: Path, lake: Path, as_of: date | None = None) -> Folder:
    """Build all tables from all files."""
    tables = Folder(spark, lake)
    scanned = scan(spark, list_files(str(raw)), bronze.classify, schemas.INPUT_RECORD)
    records = tables.write("bronze.record", bronze.records(scanned, datetime.now(UTC), RUN))
    kinds: dict[str, Callable[[DataFrame], DataFrame]] = {
        "Patient": silver.patients,
        "Encounter": silver.encounters,
        "Condition": silver.conditions,
        "Organization": silver.organizations,
    }
    resources = {
        kind: tables.write(f"silver.{kind.lower()}", make(silver.newest(records, kind)))
        for kind, make in kinds.items()
    }
    named = (resources["Encounter"], resources["Patient"], resources["Condition"])
    stays = tables.write("silver.stay", silver.stays(*named))
    cut = as_of or measures.default_as_of(stays)
    seen = silver.stays_at(cut, stays, *named)
    known = seen.stays.localCheckpoint()
    events = tables.write(
        "gold.infection_event", measures.infection_events(known, seen.conditions, measures.PROFILES, RUN)
    )
    decided = tables.write(
        "gold.stay_measure", measures.stay_measures(known, events, measures.PROFILES, RUN, seen.later)
    )
    days = tables.write("gold.patient_day", measures.patient_days(known, cut, RUN))
    organizations = resources["Organization"]
    results = tables.write(
        "gold.measure_result",
        measures.measure_results(decided, events, days, stays, organizations, cut, RUN),
    )
    tables.write("gold.coverage", quality.coverage(resources, stays, events, RUN))
    tables.write("gold.unmapped_code", quality.unmapped_codes(resources["Encounter"], stays, RUN))
    tables.write("gold.measure_published", measures.published(results, True))
    return tables


def main() -> None:
    """Build the tables and print the costs."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--raw", type=Path, required=True, help="FHIR files.")
    add("--lake", type=Path, required=True, help="The folder of the tables.")
    add("--as-of", type=date.fromisoformat, help="Last day that counts.  [default: the newest discharge]")
    given = parser.parse_args()
    spark = get_spark()
    start = time.perf_counter()
    tables = build(spark, given.raw, given.lake, given.as_of)
    print(json.dumps({"work_s": round(time.perf_counter() - start, 3), "steps": tables.steps}))


if __name__ == "__main__":
    main()
