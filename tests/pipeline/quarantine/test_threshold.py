"""Silver takes nothing of new input that is quarantined beyond a share, until somebody has looked."""

import pytest
from pyspark.sql import SparkSession
from tests.pipeline.quarantine.deliveries import OLD_REASON
from tests.pipeline.quarantine.records import command

from metriccare.definitions.sources import NONE
from metriccare.definitions.tables import PATIENT, RECORD
from metriccare.errors import ParameterError, QuarantineError
from metriccare.lake.storage import has_table
from metriccare.pipeline.checkpoints import SilverCheckpoint
from metriccare.pipeline.stage_writer import open_stage
from metriccare.pipeline.stages import silver
from metriccare.settings import Lake


def check(spark: SparkSession, lake: Lake, share: float, *, full_refresh: bool = False) -> None:
    with open_stage(spark, "silver", lake, "check") as writer:
        changes = silver.find_changes(writer, NONE, full_refresh=full_refresh)
        silver.check_quarantined(writer, changes, share)


def test_more_than_the_share_fails_and_says_what_to_do(spark: SparkSession, lake: Lake) -> None:
    with pytest.raises(QuarantineError) as told:
        check(spark, lake, 0.4)
    assert str(told.value) == (
        "45.5% of the 11 records that silver has not taken yet are in quarantine "
        f"({OLD_REASON} 3, not_json 1, not_utf8 1), and max_quarantined allows 40.0%: silver is unchanged. "
        "`metriccare quarantine list` shows them; replay or dismiss them, or allow a larger share, then run again."
    )
    assert not has_table(lake, PATIENT)


def test_the_share_itself_is_taken_and_none_is_looked_at_when_it_is_off(
    spark: SparkSession, lake: Lake
) -> None:
    check(spark, lake, 5 / 11)
    check(spark, lake, 1.0)


def test_dismissed_and_replayed_records_are_not_held_against_a_run(spark: SparkSession, lake: Lake) -> None:
    command(lake, "dismiss", "--reason-code", "not_json", "--reason", "A test.")
    with pytest.raises(QuarantineError, match=r"36\.4% of the 11 records"):
        check(spark, lake, 0.1)
    command(lake, "replay", "--all")  # three become four records, and no longer count
    with pytest.raises(QuarantineError, match=r"8\.3% of the 12 records .* \(not_utf8 1\)"):
        check(spark, lake, 0.08)
    check(spark, lake, 0.09)


def test_only_what_silver_has_not_taken_is_looked_at(spark: SparkSession, lake: Lake) -> None:
    with open_stage(spark, "silver", lake, "all") as writer:
        writer.save(SilverCheckpoint(writer.lake.latest_commit(RECORD)))
    check(spark, lake, 0.0)
    check(spark, lake, 0.0, full_refresh=True)


def test_a_share_is_from_0_to_1(spark: SparkSession, lake: Lake) -> None:
    for wrong in (-0.1, 1.1, float("nan")):
        with pytest.raises(ParameterError, match="must be a share from 0 to 1"):
            check(spark, lake, wrong)
