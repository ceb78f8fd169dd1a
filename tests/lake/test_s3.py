"""Raw files, tables' places and runs on S3: what a disk does, an emulated S3 does too."""

import gzip
import io
import os
import random
from pathlib import Path

import boto3
import pytest
from pyspark.sql import SparkSession

from metriccare.bronze import classify
from metriccare.definitions.schemas import INPUT_RECORD
from metriccare.definitions.tables import STAY
from metriccare.errors import InputError, ParameterError, StorageError
from metriccare.lake import s3, storage
from metriccare.lake.executed_notebooks import kept, place, run_folder, run_of
from metriccare.lake.raw_files import find, list_files, of_object
from metriccare.lake.raw_reader import RANGE_BYTES, scan
from metriccare.pipeline.configuration import configured
from metriccare.settings import Lake

LINE = b'{"resourceType": "Patient", "id": "p1"}\n'


@pytest.fixture
def bucket(aws: str, request: pytest.FixtureRequest) -> str:
    """Return the URL of a new bucket."""
    name = f"raw-{random.Random(request.node.name).randrange(10**12)}"
    s3._client.cache_clear()
    boto3.client("s3").create_bucket(Bucket=name)
    return f"s3://{name}"


@pytest.fixture
def reading_spark(spark: SparkSession, bucket: str, monkeypatch: pytest.MonkeyPatch) -> SparkSession:
    """Return the session; its Python workers see the variables that this process has now, not when it started."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.setitem(spark.sparkContext.environment, name, os.environ[name])
    return spark


def test_listings_of_any_length_are_whole_and_hidden_names_are_no_input(bucket: str) -> None:
    taken = [f"fhir_data/json/part-{number:04}.ndjson" for number in range(1_050)]
    ignored = [
        "fhir_data/json/",
        "fhir_data/json/_SUCCESS",
        "fhir_data/json/.x/a.ndjson",
        "fhir_data/json/truth.json",
    ]
    for name in (*taken, *ignored, "fhir_data/json2/other.ndjson"):
        s3.write(f"{bucket}/{name}", b"x")
    assert [file.path for file in list_files(f"{bucket}/fhir_data/json")] == [
        f"{bucket}/{name}" for name in taken
    ]


def test_an_event_and_a_listing_name_the_same_version(bucket: str) -> None:
    url = f"{bucket}/json/source=north/a b+ü.ndjson"
    s3.write(url, LINE)
    (listed,) = list_files(f"{bucket}/json")
    found = s3.look(url)
    assert of_object(url, found.size, found.etag) == listed
    assert listed.source == "north"
    assert find(listed.as_version()) == listed
    s3.write(url, LINE * 2)
    assert list_files(f"{bucket}/json")[0].version != listed.version
    with pytest.raises(InputError, match="changed before it was read"):
        find(listed.as_version())


def test_what_is_missing_is_reported_in_a_sentence(bucket: str) -> None:
    assert list_files(f"{bucket}/json") == []
    with pytest.raises(StorageError, match=r"There is no bucket s3://no-such-bucket: check its name"):
        list_files("s3://no-such-bucket/json")
    s3.write(f"{bucket}/json/a.ndjson", LINE)
    (listed,) = list_files(f"{bucket}/json")
    boto3.client("s3").delete_object(Bucket=bucket.removeprefix("s3://"), Key="json/a.ndjson")
    with pytest.raises(InputError, match="was deleted before it was read"):
        find(listed.as_version())


def test_ranges_of_an_object_are_read_as_those_of_a_file(
    reading_spark: SparkSession, bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("metriccare.lake.raw_reader.RANGE_BYTES", 500)
    assert RANGE_BYTES > 500
    content = b"".join(b'{"resourceType": "Patient", "id": "p%d"}\n' % number for number in range(40))
    for name, written in (("a.ndjson", content), ("b.ndjson.gz", gzip.compress(content))):
        (tmp_path / name).write_bytes(written)
        s3.write(f"{bucket}/json/{name}", written)

    def rows(root: str) -> list[tuple[str, str]]:
        frame = scan(reading_spark, list_files(root), classify, INPUT_RECORD)
        return sorted((row.file.rpartition("/")[2], row.position) for row in frame.collect())

    found = rows(f"{bucket}/json")
    assert found == rows(str(tmp_path))
    assert len(found) == 80


def test_an_object_that_changes_is_noticed_while_it_is_read(reading_spark: SparkSession, bucket: str) -> None:
    s3.write(f"{bucket}/json/a.ndjson", LINE)
    files = list_files(f"{bucket}/json")
    s3.write(f"{bucket}/json/a.ndjson", LINE * 2)
    with pytest.raises(Exception, match="changed while it was read"):
        scan(reading_spark, files, classify, INPUT_RECORD).collect()


def test_what_a_run_leaves_is_kept_in_the_lake_also_after_an_error(bucket: str) -> None:
    lake = Lake(f"{bucket}/lake")
    with run_folder(lake, "run-1") as folder:
        (folder / "04_gold.ipynb").write_text("{}")
    with pytest.raises(ValueError, match="stop"), run_folder(lake, "run-2") as folder:
        (folder / "04_gold.ipynb").write_text("{ }")
        raise ValueError("stop")
    assert {run_of(one) for one in kept(lake, "04_gold")} == {"run-1", "run-2"}
    assert storage.read(f"{place(lake, 'run-2')}/04_gold.ipynb") == b"{ }"


def test_a_lake_on_s3_has_its_own_configuration(bucket: str) -> None:
    lake = Lake(f"{bucket}/lake")
    assert configured(lake).by_name == {}
    s3.write(lake.config, b'[sources.north]\ntimezone = "Europe/Berlin"\nclass_map = "class.csv"')
    with pytest.raises(
        ParameterError, match=r"names s3://.*/lake/class.csv, which can't be read \(There is no object"
    ):
        configured(lake)
    s3.write(f"{lake.root}/class.csv", b"system,code,display,category\n,HOSP,,acute_inpatient\n")
    assert configured(lake).by_name["north"].class_map[0].code == "HOSP"


def test_a_table_is_there_once_its_properties_are(bucket: str) -> None:
    lake = Lake(f"{bucket}/lake")
    assert not storage.has_table(lake, STAY)
    s3.write(f"{STAY.path(lake.root)}/.hoodie/hoodie.properties", b"")
    assert storage.has_table(lake, STAY)


def test_a_body_that_can_only_be_read_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """As that of the botocore of Glue 5.0, which has no readinto."""

    class Body:
        def __init__(self) -> None:
            self.stream = io.BytesIO(LINE * 10_000)

        def read(self, amount: int) -> bytes:
            return self.stream.read(amount)

        def close(self) -> None:
            self.stream.close()

    class Client:
        def get_object(self, **_: str) -> dict[str, Body]:
            return {"Body": Body()}

    monkeypatch.setattr(s3, "_client", Client)
    with s3.open_from("s3://bucket/key") as stream:
        assert stream.readline() == LINE
        assert stream.read() == LINE * 9_999
