"""Whatever the feed sends: every shape is read, every edge is read or flagged, what is broken is kept with a reason."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pyspark.sql import SparkSession
from tests.proofs.input.account import check_account
from tests.proofs.input.feed import BROKEN, EDGES, LONG_LINE, SHAPES, SKIPPED, write_feed

from metriccare.cli import main
from metriccare.definitions.schemas import SHAPES as MEASURED
from metriccare.definitions.tables import ENCOUNTER, PATIENT, QUARANTINE, RECORD, RESOURCES, STAY
from metriccare.lake.reader import read_table
from metriccare.lake.run_log import newest_run
from metriccare.lake.tables import SparkLake
from metriccare.pipeline import run
from metriccare.settings import Lake

Row = dict[str, Any]


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("feed")
    write_feed(folder)
    return folder


@pytest.fixture(scope="module")
def lake(raw: Path, spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    lake = Lake.at(tmp_path_factory.mktemp("lake"))
    run.run(raw=raw, lake=lake.root, run_id="feed")
    return lake


@pytest.fixture(scope="module")
def encounters(lake: Lake) -> dict[tuple[str, str], Row]:
    return {(row["source"], row["id"]): row for row in read_table(lake, ENCOUNTER).to_pylist()}


@pytest.fixture(scope="module")
def stays(lake: Lake) -> dict[tuple[str, str], Row]:
    return {(row["source"], row["id"]): row for row in read_table(lake, STAY).to_pylist()}


@pytest.fixture(scope="module")
def refused(lake: Lake) -> list[Row]:
    """Return the quarantined pieces of all files."""
    columns = ("file", "source", "position", "reason_code", "body")
    return read_table(lake, RECORD, columns, [("resource_type", "=", QUARANTINE)]).to_pylist()


@pytest.mark.parametrize("shape", SHAPES)
def test_the_same_visit_is_read_from_every_shape(shape: str, stays: dict[tuple[str, str], Row]) -> None:
    of_shape = [row for (source, _), row in stays.items() if source == shape]
    assert [(row["id"], row["patient_id"], row["hospital_id"]) for row in of_shape] == [("e", "p", "H1")]
    (stay,) = of_shape
    assert stay["is_patient_known"]
    assert (str(stay["birth_date"]), str(stay["admission_date"])) == ("1950-01-01", "2025-03-01")
    assert (str(stay["discharge_date"]), stay["hospital_display"]) == ("2025-03-04", None)


def test_every_record_of_every_file_is_accounted_for(raw: Path, lake: Lake) -> None:
    check_account(raw, newest_run(lake))


@pytest.mark.parametrize(("name", "code"), [(name, code) for name, (_, code) in BROKEN.items()])
def test_what_is_broken_is_kept_with_the_reason(name: str, code: str, refused: list[Row]) -> None:
    (found,) = [row for row in refused if row["file"].endswith(f"source=broken/{name}")]
    assert found["reason_code"] == code
    assert found["body"]


def test_what_an_export_lays_beside_its_resources_is_no_fault(refused: list[Row], lake: Lake) -> None:
    assert not [row for row in refused if Path(row["file"]).name in SKIPPED]
    assert {kind for _, kind in SKIPPED.values()} <= newest_run(lake)["skipped"].keys()


FLAGS = {
    "year_385": [],
    "year_9999": [],
    "leap_second": [],
    "year_only": ["period_partial"],
    "no_such_day": ["period_unreadable"],
    "no_offset": ["period_without_offset"],
    "reversed": ["period_reversed"],
    "length_only": ["period_start_missing"],
    "part_of_itself": ["part_of_itself"],
    "cycle_a": [],
    "contained": ["patient_missing"],
    "bad_stamp": ["stamp_unreadable"],
    "control": [],
    "in_quotes": [],
}


@pytest.mark.parametrize(("edge", "flags"), FLAGS.items())
def test_an_edge_of_the_format_is_read_or_flagged(
    edge: str, flags: list[str], encounters: dict[tuple[str, str], Row]
) -> None:
    assert encounters["edges", edge]["quality_flags"] == flags


def test_the_first_and_the_last_years_are_days_like_others(stays: dict[tuple[str, str], Row]) -> None:
    old, last, leap = (stays["edges", name] for name in ("year_385", "year_9999", "leap_second"))
    assert (str(old["admission_date"]), str(old["discharge_date"]), old["age"]) == (
        "0385-01-01",
        "0385-02-28",
        34,
    )
    assert str(last["discharge_date"]) == "9999-12-31"
    assert (str(leap["discharge_date"]), str(leap["discharge_at"])[:19]) == (
        "2016-12-31",
        "2016-12-31 23:59:59",
    )


def test_a_stay_that_is_a_part_of_itself_or_of_a_cycle_is_not_lost(
    stays: dict[tuple[str, str], Row],
) -> None:
    in_stays = {id for row in stays.values() for id in row["encounter_ids"] if row["source"] == "edges"}
    assert {"part_of_itself", "cycle_a", "cycle_b"} <= in_stays


def test_a_number_in_quotes_is_the_number(encounters: dict[tuple[str, str], Row]) -> None:
    assert [one["rank"] for one in encounters["edges", "in_quotes"]["diagnoses"]] == [1]


def test_a_line_of_fifty_megabytes_is_kept_and_read(spark: SparkSession, lake: Lake) -> None:
    patients = {row["id"] for row in read_table(lake, PATIENT, ["id"]).to_pylist()}
    assert "big" in patients
    records = SparkLake(spark, lake).read(RECORD).filter("resource_id = 'big'")
    ((length,),) = records.selectExpr("length(body)").collect()
    assert length > LONG_LINE


def test_every_mutant_that_was_accepted_is_in_silver(lake: Lake) -> None:
    columns = ("source", "resource_type", "resource_id")
    accepted = read_table(lake, RECORD, columns, [("source", "=", "fuzzed")]).to_pylist()
    for kind in MEASURED:
        ids = {row["resource_id"] for row in accepted if row["resource_type"] == kind}
        silver = read_table(lake, RESOURCES[kind], ("id", "source"), [("source", "=", "fuzzed")]).to_pylist()
        assert {row["id"] for row in silver} == ids
        assert len(ids) > 20


@pytest.mark.parametrize("stay", [name for name in EDGES if name.startswith("year_")])
def test_the_command_line_shows_stays_of_all_years(stay: str, lake: Lake) -> None:
    said = CliRunner().invoke(main, ["why", "--stay", stay, "--source", "edges", "--lake", lake.root])
    assert said.exit_code == 0, said.output
    assert stay in said.output


def test_the_measures_and_the_report_are_made(lake: Lake, tmp_path: Path) -> None:
    said = CliRunner().invoke(main, ["measures", "--format", "json", "--lake", lake.root])
    assert said.exit_code == 0
    assert json.loads(said.stdout)
    report = CliRunner().invoke(main, ["report", "--out", str(tmp_path / "r.html"), "--lake", lake.root])
    assert report.exit_code == 0, report.output
