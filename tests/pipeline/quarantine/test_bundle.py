"""A whole Bundle that was refused becomes its entries, and each of those is a record of its own."""

import json
from datetime import UTC, datetime

from pyspark.sql import SparkSession
from tests.pipeline.quarantine.deliveries import DELETIONS, OLD_REASON

from metriccare import quality
from metriccare.bronze.input_record import InputRecord
from metriccare.bronze.reclassify import reclassify
from metriccare.definitions.tables import RECORD
from metriccare.lake.ledger import QuarantineState
from metriccare.lake.tables import SparkLake
from metriccare.pipeline.quarantine.choose import Filters, by_filters
from metriccare.pipeline.quarantine.read import read_quarantine
from metriccare.pipeline.quarantine.record import Record
from metriccare.pipeline.quarantine.replay import Replay, Reread, replay
from metriccare.pipeline.stage_writer import open_stage
from metriccare.settings import Lake

NOW = datetime(2026, 11, 2, tzinfo=UTC)
OPEN, REPLAYED = QuarantineState.OPEN, QuarantineState.REPLAYED


def do(spark: SparkSession, lake: Lake, records: list[Record], reread: Reread) -> Replay:
    with open_stage(spark, "bronze", lake, "again") as writer:
        return replay(writer, records, NOW, reread)


def refusing_the_second_entry(present: Reread) -> Reread:
    def reread(position: str, text: bytes, bundle: str | None) -> list[InputRecord]:
        first, second = present(position, text, bundle)
        refused = {
            "resource_type": "_quarantine",
            "resource_id": None,
            "reason_code": "no_id",
            "reason": "None.",
        }
        return [first, {**second, **refused}]

    return reread


def accepting_an_entry(_: Reread) -> Reread:
    def reread(position: str, text: bytes, bundle: str | None) -> list[InputRecord]:
        return [
            {"position": position, "resource_type": "Condition", "resource_id": "gone", "body": text.decode()}
        ]

    return reread


def states(lake: Lake) -> dict[tuple[str, str], QuarantineState]:
    return {(one.position, one.reason_code): one.state for one in read_quarantine(lake)}


def test_entries_that_are_refused_wait_and_can_be_replayed_themselves(
    spark: SparkSession, lake: Lake
) -> None:
    bundles = [
        one for one in by_filters(read_quarantine(lake), Filters(OLD_REASON)) if one.file.endswith("1.ndjson")
    ]
    (bundle,) = bundles
    entries = [f"{bundle.position}/entry[{number}]" for number in (0, 1)]

    done = do(spark, lake, bundles, refusing_the_second_entry(reclassify))
    assert (done.accepted, done.appended) == (1, 2)
    found = states(lake)
    assert found[bundle.position, OLD_REASON] == REPLAYED
    assert found[entries[1], "no_id"] == OPEN

    waiting = by_filters(read_quarantine(lake), Filters("no_id"))
    assert do(spark, lake, waiting, accepting_an_entry(reclassify)).accepted == 1
    assert states(lake)[entries[1], "no_id"] == REPLAYED

    records = SparkLake(spark, lake).read(RECORD)
    of_bundle = records.filter(records["position"].startswith(bundle.position))
    taken = of_bundle.filter("resource_type != '_quarantine'").orderBy("position").collect()
    assert [(row.position, row.batch_id) for row in taken] == [
        (entries[0], "replay-again"),
        (entries[1], "replay-again-2"),
    ]
    texts = [json.dumps(entry) for entry in json.loads(DELETIONS)["entry"]]
    assert [row.body for row in taken] == texts
    assert {row.received_at.astimezone(UTC) for row in taken} == {bundle.received_at}
    assert quality.replayed(records).count() == 2


def test_a_text_of_which_nothing_comes_stays_in_quarantine(spark: SparkSession, lake: Lake) -> None:
    bundles = by_filters(read_quarantine(lake), Filters(OLD_REASON))
    done = do(spark, lake, bundles, lambda position, text, bundle: [])
    assert (done.accepted, done.batch_id, done.refused) == (0, "", {OLD_REASON: 3})
    assert {one.state for one in read_quarantine(lake)} == {OPEN}
