"""bronze.record: input records with the time received and the batch."""

from datetime import UTC, datetime

from pyspark.sql import SparkSession
from tests.support.builders import RUN, patient, records, utc

from metriccare import bronze
from metriccare.definitions.schemas import BRONZE_RECORD, INPUT_RECORD
from metriccare.definitions.schemas.contract import struct_of
from metriccare.definitions.tables import RECORD
from metriccare.engine.on_spark import to_frame


def test_a_record_has_the_time_received_and_the_batch(spark: SparkSession) -> None:
    received = records(patient("p1"), patient("p2"))
    classified = to_frame(spark, received, RECORD.columns).drop("received_at", "batch_id")
    found = bronze.records(classified, datetime(2025, 3, 1, 23, 30, tzinfo=UTC), RUN)
    assert [(f.name, f.dataType) for f in found.schema] == [
        (f.name, f.dataType) for f in struct_of(BRONZE_RECORD)
    ]
    rows = found.orderBy("position").collect()
    assert [(row.resource_id, row.position) for row in rows] == [("p1", "0"), ("p2", "1")]
    assert {utc(row.received_at) for row in rows} == {"2025-03-01T23:30:00Z"}
    assert {row.batch_id for row in rows} == {RUN}


def test_each_file_version_has_its_own_time_received(spark: SparkSession) -> None:
    nothing = dict.fromkeys(field.name for field in struct_of(INPUT_RECORD))
    classified = spark.createDataFrame([nothing | {"file_version": name} for name in "abb"], INPUT_RECORD)
    first, then = datetime(2025, 3, 1, 23, 30, tzinfo=UTC), datetime(2025, 3, 2, 8, 15, 0, 5, tzinfo=UTC)
    found = bronze.records(classified, {"a": first, "b": then}, RUN).collect()
    assert {row.file_version: row.received_at.astimezone(UTC) for row in found} == {"a": first, "b": then}
    assert len(found) == 3
