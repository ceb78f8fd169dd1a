"""Records that a batch adds to bronze, and how many of them repeat earlier ones."""

from pyspark.sql import Row, SparkSession

from metriccare.bronze import growth

SCHEMA = "batch_id STRING, source STRING, resource_type STRING, body_sha256 STRING, last_updated STRING"
RECORDS = [
    ("1", "default", "Patient", "a", None),
    ("1", "default", "Patient", "b", None),
    ("1", "default", "_quarantine", "x", None),
    ("2", "default", "Patient", "a", None),  # known from batch 1
    ("2", "default", "Patient", "c", None),
    ("2", "default", "Patient", "c", None),  # repeats the one before it
    ("2", "north", "Patient", "a", None),  # another source: another patient
    ("2", "default", "_quarantine", "x", None),
    ("3", "default", "Encounter", "e", None),
    ("4", "default", "Organization", "o", "2025-01-01"),
    ("5", "default", "Organization", "o", "2025-01-01"),
    ("5", "default", "Organization", "o", "2025-01-02"),  # deleted again, later
]


def counted(spark: SparkSession, batch_id: str) -> list[Row]:
    return growth(spark.createDataFrame(RECORDS, SCHEMA), batch_id).collect()


def test_repeats_are_known_bodies_also_of_the_same_batch(spark: SparkSession) -> None:
    assert counted(spark, "2") == [
        Row(resource_type="Encounter", batch=0, repeated=0, all=1),
        Row(resource_type="Organization", batch=0, repeated=0, all=3),
        Row(resource_type="Patient", batch=4, repeated=2, all=6),
        Row(resource_type="_quarantine", batch=1, repeated=1, all=2),
    ]


def test_the_same_text_with_another_timestamp_is_not_a_repeat(spark: SparkSession) -> None:
    (found,) = [row for row in counted(spark, "5") if row.batch]
    assert found == Row(resource_type="Organization", batch=2, repeated=1, all=3)


def test_an_unknown_batch_added_nothing(spark: SparkSession) -> None:
    assert {(row.batch, row.repeated) for row in counted(spark, "")} == {(0, 0)}
