"""Bronze alone tells which quarantined records were replayed."""

from pyspark.sql import SparkSession

from metriccare.quality import replayed

RECORD = "file_version string, position string, resource_type string, batch_id string"
Q, P = "_quarantine", "Patient"


def found(spark: SparkSession, *rows: tuple[str, str, str, str]) -> list[tuple[str, str, str]]:
    records = replayed(spark.createDataFrame(rows, RECORD)).collect()
    return sorted((row.file_version, row.position, row.batch_id) for row in records)


def test_a_record_that_a_replay_accepted_at_its_place_was_replayed(spark: SparkSession) -> None:
    assert found(
        spark,
        ("v1", "7", Q, "run-1"),
        ("v1", "7", P, "replay-1"),
        ("v1", "70", Q, "run-1"),  # not within 7
        ("v2", "7", Q, "run-1"),  # of another file
        ("v2", "8", P, "run-1"),
    ) == [("v1", "7", "replay-1")]


def test_a_bundle_was_replayed_where_its_entries_are_there_accepted_or_not(spark: SparkSession) -> None:
    assert found(
        spark,
        ("v1", "7", Q, "run-1"),
        ("v1", "7/entry[0]", P, "replay-1"),
        ("v1", "7/entry[1]", Q, "replay-1"),
        ("v1", "9", Q, "run-1"),
        ("v1", "9/entry[0]/entry[12]", P, "replay-1"),
    ) == [("v1", "7", "replay-1"), ("v1", "9", "replay-1")]


def test_an_entry_of_it_that_waits_can_be_replayed_later(spark: SparkSession) -> None:
    assert found(
        spark,
        ("v1", "7", Q, "run-1"),
        ("v1", "7/entry[0]", P, "replay-1"),
        ("v1", "7/entry[1]", Q, "replay-1"),
        ("v1", "7/entry[1]", P, "replay-2"),
    ) == [("v1", "7", "replay-1"), ("v1", "7/entry[1]", "replay-2")]


def test_an_entry_that_waits_beside_others_of_its_batch_was_not_replayed(spark: SparkSession) -> None:
    rows = [("v1", "7/entry[0]", P, "run-1"), ("v1", "7/entry[1]", Q, "run-1")]
    assert found(spark, *rows) == []
