"""What the first run of the wheel has made, on a machine without Java; then a run with a file that is sent twice."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from metriccare.definitions.tables import RECORD, STAY, STAY_MEASURE, TABLES, Table
from metriccare.lake.reader import read_table
from metriccare.lake.run_log import newest_run
from metriccare.pipeline import run as pipeline
from metriccare.reporting.results import find_results
from metriccare.reporting.why import explain, to_text
from metriccare.settings import Lake

SLOW = {"pyspark", "papermill", "matplotlib", "scipy", "boto3", "IPython"}


@pytest.fixture(scope="module")
def raw(folder: Path) -> Path:
    return folder / "fhir_data" / "json"


@pytest.fixture(scope="module")
def lake(folder: Path, ran: str) -> Lake:
    """Return the lake of the wheel's run."""
    return Lake.at(folder / ".metriccare")


@pytest.fixture(scope="module")
def truth(lake: Lake, raw: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((raw.parent / "truth.json").read_text(encoding="utf-8"))
    return found


def rows_of(lake: Lake, table: Table) -> int:
    return int(read_table(lake, table).num_rows)


@pytest.mark.parametrize("table", TABLES.values(), ids=str)
def test_every_table_can_be_read_without_a_jvm(table: Table, lake: Lake) -> None:
    assert rows_of(lake, table) >= 0


def test_everything_that_the_run_has_written_is_for_its_owner_only(lake: Lake) -> None:
    written = [
        path for name in ("bronze", "silver", "gold", "runs") for path in Path(lake.root, name).rglob("*")
    ]
    assert len(written) > 100
    assert [path for path in (*written, Path(lake.ledger)) if path.stat().st_mode & 0o077] == []


@pytest.mark.parametrize("arguments", [("status",), ("measures",), ("why", "--stay", "7-p0-s0")])
def test_answers_come_without_what_takes_seconds_to_load(lake: Lake, arguments: tuple[str, ...]) -> None:
    code = (
        "import sys\n"
        "from metriccare.cli import main\n"
        f"main({[*arguments, '--lake', lake.root]}, standalone_mode=False)\n"
        f"print({SLOW} & set(sys.modules))\n"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert answer.stdout.splitlines()[-1] == "set()"


def test_every_line_of_every_file_is_a_record(lake: Lake, raw: Path) -> None:
    lines = {
        (str(file), line.decode())
        for file in raw.rglob("*.ndjson")
        for line in file.read_bytes().splitlines()
    }
    records = read_table(lake, RECORD, ["file", "body"]).to_pylist()
    assert {
        (row["file"], row["body"].removesuffix("\n")) for row in records
    } == lines  # quarantined as it came


def test_the_numbers_are_the_planted_ones(lake: Lake, truth: dict[str, Any]) -> None:
    found = {row["measure"]: (row["numerator"], row["denominator"]) for row in find_results(lake)}
    planted = {
        row["measure"]: (row["numerator"], row["denominator"])
        for row in truth["results"]
        if row["stratum"] == "all"
    }
    unknown = found.pop("readmission_planned_status_unknown")  # not planted: every stay has its diagnosis
    assert unknown == (0, planted["readmission_30_day"][0])
    days, chains = found.pop("length_of_stay_episode_billing")  # not planted: the chains of the same stays
    assert chains < planted["length_of_stay_billing"][1] < days
    assert found == {name: pytest.approx(pair, nan_ok=True) for name, pair in planted.items()}


def test_every_planted_stay_is_a_row(lake: Lake, truth: dict[str, Any]) -> None:
    stays = read_table(lake, STAY, ["id"])["id"].to_pylist()
    assert sorted(stays) == sorted(stay["id"] for stay in truth["stays"])


def test_the_account_covers_what_was_generated(lake: Lake, truth: dict[str, Any]) -> None:
    run = newest_run(lake)
    assert run["accepted"] == truth["counts"]["resources"]
    assert (run["quarantined"], run["stays"]) == ({"not_json": 1}, len(truth["stays"]))
    assert str(run["as_of"]) == truth["as_of"]


def test_a_lake_of_test_data_says_so_and_hides_nothing(lake: Lake) -> None:
    assert newest_run(lake)["is_synthetic"] is True
    assert not any(row["is_suppressed"] for row in find_results(lake, stratum="hospital"))


def test_every_executed_notebook_is_kept(lake: Lake) -> None:
    kept = sorted(path.stem for path in Path(lake.runs).glob("*/*.ipynb"))
    assert kept == ["01_generate", "02_bronze", "03_silver", "04_gold"]


def test_every_picture_is_shown(lake: Lake) -> None:
    kept = Path(lake.runs).glob("*/*.ipynb")
    shown = {path.stem: path.read_text(encoding="utf-8").count('"image/png"') for path in kept}
    assert shown == {"01_generate": 0, "02_bronze": 0, "03_silver": 1, "04_gold": 10}


def test_no_patient_is_named_in_an_executed_notebook(lake: Lake, raw: Path) -> None:
    patients = (raw / "patients" / "part-00000.ndjson").read_text(encoding="utf-8").splitlines()
    names = {json.loads(line)["name"][0]["family"] + '"' for line in patients}
    text = "".join(path.read_text(encoding="utf-8") for path in Path(lake.runs).glob("*/*.ipynb"))
    assert not [name for name in names if f'"{name}' in text]


def test_the_command_prints_the_account_and_the_measures(ran: str) -> None:
    assert "observed, unadjusted" in ran
    assert "synthetic data" in ran
    assert "1 quarantined" in ran
    assert "Readmission within 30 days" in ran
    assert "Other profiles: cms_like, simple" in ran


def test_a_readmission_can_be_followed_to_its_line(lake: Lake) -> None:
    rows = read_table(lake, STAY_MEASURE, filters=[("profile", "=", "simple")]).to_pylist()
    stay = next(row["stay_id"] for row in rows if row["readmission_30_day"]["numerator"])

    answer = explain(lake, stay, profile="simple")
    (back,) = answer["profiles"][0]["measures"][0]["evidence"]
    line = Path(back["file"]).read_bytes()[int(back["position"]) :].splitlines()[0]
    assert json.loads(line)["id"] == back["id"]
    assert f"readmitted on {json.loads(line)['period']['start'][:10]}" in to_text(answer)


def test_a_second_run_and_a_copy_of_a_file_change_no_number(
    lake: Lake, raw: Path, spark: SparkSession
) -> None:
    before = find_results(lake, stratum="hospital", unsuppressed=True)
    records = newest_run(lake)["records"]
    copied = raw / "conditions" / "sent again.ndjson"
    copied.write_bytes((raw / "conditions" / "part-00000.ndjson").read_bytes())
    again = len(copied.read_bytes().splitlines())

    pipeline.run(raw=raw, lake=lake.root, run_id="second")

    run = newest_run(lake)
    assert (run["run_id"], run["records"], run["duplicates"]["Condition"]) == (
        "second",
        records + again,
        again,
    )
    after = find_results(lake, stratum="hospital", unsuppressed=True)
    assert [row | {"run_id": ""} for row in after] == [row | {"run_id": ""} for row in before]
