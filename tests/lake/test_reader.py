import json
from datetime import UTC, date, datetime
from functools import partial

import pytest
from pyspark.sql.functions import sum as total_of

from metriccare.definitions.tables import MEASURE_PUBLISHED, RUN, STAY
from metriccare.errors import LakeError
from metriccare.lake.reader import read_table
from metriccare.settings import Lake

SCHEMA = """id string, version long, at timestamp, day date, counts map<string,long>,
    parts array<struct<system:string,code:string>>, rate double, is_live boolean"""
MERGE_ON_READ = {
    "hoodie.datasource.write.table.type": "MERGE_ON_READ",
    "hoodie.index.type": "BUCKET",
    "hoodie.bucket.index.num.buckets": "2",
}
NEWEST_WINS = {
    "hoodie.datasource.write.precombine.field": "version",
    "hoodie.datasource.write.payload.class": "org.apache.hudi.common.model.DefaultHoodieRecordPayload",
}


def stay(number, version=1, **changes):
    row = {
        "id": str(number),
        "version": version,
        "at": datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC),
        "day": date(2025, 1, 2),
        "counts": {"a": number},
        "parts": [{"system": "s", "code": None}],
        "rate": None,
        "is_live": True,
    }
    return row | changes


def append(frame, path, **options):
    """Append a frame to a Hudi table, with the settings that are quick on a local disk."""
    defaults = {
        "hoodie.table.name": "t",
        "hoodie.datasource.write.recordkey.field": "id",
        "hoodie.metadata.enable": "false",
        "hoodie.embed.timeline.server": "false",
    }
    frame.write.format("hudi").options(**(defaults | options)).mode("append").save(path)


@pytest.fixture(scope="module", params=[{}, MERGE_ON_READ], ids=["copy_on_write", "merge_on_read"])
def lake(spark, tmp_path_factory, request):
    lake = Lake.at(tmp_path_factory.mktemp("lake"))
    for rows in (
        [stay(number) for number in range(4)],
        [stay(1, version=3, counts={"b": 9}, is_live=False)],
        [stay(1, version=2, counts={"late": 1}), stay(4)],
    ):
        frame = spark.createDataFrame(rows, SCHEMA)
        append(frame, STAY.path(lake.root), **(NEWEST_WINS | request.param))
    return lake


def test_a_table_is_read_as_its_newest_versions_with_every_type_kept(lake):
    rows = read_table(lake, STAY).sort_by("id").to_pylist(maps_as_pydicts="strict")

    assert rows == [stay(0), stay(1, version=3, counts={"b": 9}, is_live=False), stay(2), stay(3), stay(4)]


def test_chosen_columns_come_in_the_order_asked_and_filters_see_the_newest_version_only(lake):
    table = read_table(lake, STAY, ["day", "id"], [("version", "<", "3"), ("id", "<=", "2")])

    assert table.column_names == ["day", "id"]
    assert sorted(table["id"].to_pylist()) == ["0", "2"]


def test_a_filter_that_nothing_meets_gives_an_empty_table_with_its_columns(lake):
    table = read_table(lake, STAY, ["id"], [("version", ">", "9")])

    assert (table.num_rows, table.column_names) == (0, ["id"])


def test_the_reader_agrees_with_spark(lake, spark):
    path = STAY.path(lake.root)
    total = spark.read.format("hudi").load(path).agg(total_of("version")).first()[0]

    assert sum(read_table(lake, STAY)["version"].to_pylist()) == total


@pytest.mark.parametrize("table", [RUN, MEASURE_PUBLISHED], ids=str)
def test_tables_that_tests_write_without_spark_are_hudi_tables(finished_lake, spark, table):
    rows = read_table(finished_lake, table).drop_columns("run_at" if table == RUN else [])
    of_spark = spark.read.format("hudi").load(table.path(finished_lake.root)).select(rows.column_names)

    assert not [column for column in rows.column_names if column.startswith("_hoodie")]
    by_text = partial(json.dumps, sort_keys=True, default=str)  # the order of a map's keys is not kept
    assert sorted(map(by_text, rows.to_pylist(maps_as_pydicts="strict"))) == sorted(
        by_text(row.asDict(recursive=True)) for row in of_spark.collect()
    )


def test_a_lake_without_the_table_says_what_to_run(tmp_path):
    with pytest.raises(LakeError, match=r"no table gold\.run yet at .*: run `metriccare run` first\.$"):
        read_table(Lake.at(tmp_path), RUN)
