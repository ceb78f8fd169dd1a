"""Checkpoints survive the ledger unchanged; one of a newer version, or a damaged one, is refused in a sentence."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest

from metriccare.errors import LedgerError
from metriccare.pipeline.checkpoints import (
    BronzeCheckpoint,
    Checkpoint,
    GoldCheckpoint,
    SilverCheckpoint,
    from_json,
    to_json,
)

BRONZE = BronzeCheckpoint("20261101000000000", "replay-run-1")
SILVER = SilverCheckpoint("1", "2", {"the time zone": "Europe/Zürich"}, "run-1", is_rebuilding=True)
GOLD = GoldCheckpoint("1", "2", {"the definition of the measures": "7"}, "run-1", False, "2025-06-30", "", ())
PENDING = replace(GOLD, pending_as_of=("2025-03-31", "2025-06-30"))


@pytest.mark.parametrize("checkpoint", [BRONZE, SILVER, GOLD, PENDING], ids=str)
def test_what_is_saved_is_loaded(checkpoint: Checkpoint) -> None:
    kept = json.loads(json.dumps(to_json(checkpoint)))
    assert kept["format"] == 1
    assert from_json(type(checkpoint), kept) == checkpoint


@pytest.mark.parametrize("kind", [BronzeCheckpoint, SilverCheckpoint, GoldCheckpoint])
def test_a_stage_that_never_ran_has_the_default(kind: Any) -> None:
    assert from_json(kind, {}) == kind()
    assert kind.STAGE == "bronze" or not kind().has_completed


def test_a_newer_format_is_refused() -> None:
    kept = to_json(SILVER) | {"format": 2, "something": "new"}
    sentence = "The checkpoint of silver was saved by a newer MetricCare (format 2, this version reads 1)"
    with pytest.raises(LedgerError, match=re.escape(sentence)):
        from_json(SilverCheckpoint, kept)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"format": "1"}, "format '1'"),
        ({"format": None}, "format None"),
        ({"moving": []}, "unknown field moving"),
        ({"is_rebuilding": "yes"}, "Expected `bool`, got `str`"),
        ({"pending_as_of": "2025-06-30"}, "Expected `array`, got `str`"),
    ],
)
def test_a_damaged_one_is_refused(change: dict[str, Any], found: str) -> None:
    with pytest.raises(LedgerError, match="The checkpoint of gold in the ledger cannot be read") as told:
        from_json(GoldCheckpoint, to_json(GOLD) | change)
    assert found in str(told.value)


@pytest.mark.parametrize(
    ("gold", "is_behind"),
    [
        (GOLD, False),
        (replace(GOLD, bronze_instant="0"), True),
        (replace(GOLD, change_instant="0"), True),
        (GoldCheckpoint(), True),
    ],
)
def test_gold_is_behind_until_it_has_taken_all_that_silver_has(gold: GoldCheckpoint, is_behind: bool) -> None:
    assert gold.is_behind(replace(SILVER, is_rebuilding=False)) is is_behind


def test_a_rebuild_or_a_pending_as_of_is_an_interrupted_run() -> None:
    found = [one.is_interrupted for one in (SILVER, replace(SILVER, is_rebuilding=False), GOLD, PENDING)]
    assert found == [True, False, False, True]


def test_they_load_nothing_heavy() -> None:
    code = (
        "import sys, metriccare.pipeline.checkpoints, metriccare.pipeline.plan, metriccare.pipeline.stage\n"
        "print({'pyspark', 'pandas', 'pyarrow', 'papermill', 'boto3'} & set(sys.modules))"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "set()"
