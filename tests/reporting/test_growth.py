"""Records that a batch adds to bronze, and how many of them repeat earlier ones."""

from pathlib import Path

import pandas as pd
import pytest
from tests.support.hudi_tables import write_table

from metriccare.definitions.tables import RECORD
from metriccare.reporting.growth import growth
from metriccare.settings import Lake

COLUMNS = "batch_id STRING, source STRING, resource_type STRING, body_sha256 STRING, last_updated STRING"
NAMES = ("batch_id", "source", "resource_type", "body_sha256", "last_updated")
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


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    lake = Lake.at(tmp_path_factory.mktemp("lake"))
    write_table(lake, RECORD, [dict(zip(NAMES, row, strict=True)) for row in RECORDS], COLUMNS)
    return lake


def test_repeats_are_known_bodies_also_of_the_same_batch(lake: Lake) -> None:
    wanted = {
        "Encounter": (0, 0, 1),
        "Organization": (0, 0, 3),
        "Patient": (4, 2, 6),
        "_quarantine": (1, 1, 2),
    }
    columns = ["batch", "repeated", "all"]
    expected = pd.DataFrame.from_dict(wanted, orient="index", columns=columns).rename_axis("resource_type")
    pd.testing.assert_frame_equal(growth(lake, "2"), expected)


def test_the_same_text_with_another_timestamp_is_not_a_repeat(lake: Lake) -> None:
    assert growth(lake, "5").loc["Organization"].to_list() == [2, 1, 3]


def test_an_unknown_batch_added_nothing(lake: Lake) -> None:
    assert not growth(lake, "")[["batch", "repeated"]].to_numpy().any()


def test_a_bronze_without_records_has_no_line(tmp_path: Path) -> None:
    lake = Lake.at(tmp_path)
    write_table(lake, RECORD, [], COLUMNS)
    assert growth(lake, "1").empty
