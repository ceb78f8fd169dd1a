"""Folders, names, zones, maps and terminals as people have them; each test is named by its case."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyspark.sql import SparkSession
from tests.proofs.cases.case import DATA
from tests.proofs.incremental.stages import count, refine, take
from tests.support.unprivileged import unprivileged

from metriccare.cli import main
from metriccare.definitions.sources import NONE
from metriccare.errors import LakeError, ParameterError
from metriccare.lake.raw_files import list_raw
from metriccare.pipeline.configuration import configured, load_sources
from metriccare.settings import Lake


@pytest.mark.parametrize(
    ("id", "cause"),
    [
        ("l01", "Every discharge is later than the day on which its file was received"),
        ("l03", "No encounter was accepted, and records are quarantined"),
        ("l04", "No inpatient stay has ended"),
        pytest.param("b06", "some have a status that is missing or none of FHIR R4", marks=pytest.mark.long),
        pytest.param(
            "b36", "some are part of an encounter that is no inpatient stay", marks=pytest.mark.long
        ),
        pytest.param("f18", "The input holds no Encounter", marks=pytest.mark.long),
    ],
)
def test_without_a_discharge_the_message_names_the_cause(
    spark: SparkSession, tmp_path: Path, id: str, cause: str
) -> None:
    lake = Lake(str(tmp_path / "lake"))
    take(spark, DATA / f"source={id}", lake, "run-1")
    refine(spark, lake, "run-1")
    with pytest.raises(LakeError, match=cause):
        count(spark, lake, "run-1")


def test_l01_with_the_date_it_asks_for_the_stays_are_counted(spark: SparkSession, tmp_path: Path) -> None:
    lake = Lake(str(tmp_path / "lake"))
    take(spark, DATA / "source=l01", lake, "run-1")
    refine(spark, lake, "run-1")
    with pytest.raises(LakeError, match=r"--as-of 2150-12-31\.$"):
        count(spark, lake, "run-1")
    assert count(spark, lake, "run-1", as_of="2150-12-31").stays == 2


@pytest.mark.parametrize("zone", ["localtime", "Nowhere/City"])
def test_l05_a_zone_that_not_everybody_knows_is_refused_before_the_run(zone: str, tmp_path: Path) -> None:
    with pytest.raises(ParameterError):
        configured(Lake(str(tmp_path)), timezone=zone)


def test_l05_a_zone_that_only_python_knows_is_refused_before_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("metriccare.engine.known_zones", lambda: frozenset({"UTC"}))
    (tmp_path / "metriccare.toml").write_text('[sources.a.hospital_timezones]\nh = "Europe/Berlin"\n')
    with pytest.raises(ParameterError, match="The time zone Europe/Berlin is not known to DuckDB"):
        configured(Lake(str(tmp_path)))
    assert configured(Lake(str(tmp_path / "none"))) == NONE


@pytest.mark.long
def test_l06_a_lake_of_any_name_is_written_whatever_the_locale(jvm: None, tmp_path: Path) -> None:
    lake, raw = tmp_path / "Größe ü 日本", tmp_path / "rohe Daten ñ"
    raw.mkdir()
    (raw / "ü.ndjson").write_bytes((DATA / "source=b03" / "a.ndjson").read_bytes())
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from metriccare.cli import main; main()",
            "run",
            "--raw",
            raw,
            "--lake",
            lake,
        ],
        env={name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        | {"LC_ALL": "C", "PYTHONPATH": os.pathsep.join(sys.path), "METRICCARE_DRIVER_MEMORY": "1g"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted((lake.name, raw.name))


def test_l07_a_name_in_latin_1_stops_nobody_else(tmp_path: Path) -> None:
    (tmp_path / "a.ndjson").write_text("{}")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/M\xfcller.ndjson")).write_text("{}")
    listing = list_raw(str(tmp_path))
    assert (len(listing.files), len(listing.refused)) == (1, 1)


@pytest.mark.parametrize("out", ["folder", "file/x.html", "closed/x.html"])
def test_k03_a_report_that_can_not_be_written_is_a_sentence(
    finished_lake: Lake, tmp_path: Path, out: str
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("")
    (tmp_path / "closed").mkdir(mode=0o500)
    call = "from metriccare.cli import main; main()"
    command = (
        sys.executable,
        "-c",
        call,
        "report",
        "--lake",
        finished_lake.root,
        "--out",
        str(tmp_path / out),
    )
    done = subprocess.run(unprivileged(*command), capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "The report can't be written to" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("width", [30, 40, 60, 80])
def test_k05_a_narrow_terminal_shows_the_names_of_the_measures(finished_lake: Lake, width: int) -> None:
    answer = CliRunner(env={"COLUMNS": str(width)}).invoke(main, ["measures", "--lake", finished_lake.root])
    first = "".join(
        line[: line.rindex("  ")].split("  ")[0].strip()
        for line in answer.output.splitlines()
        if "  " in line
    )
    for letters in ("In-hospitalmortality", "Lengthofstay(midnights)"):
        assert letters in first.replace(" ", "")
    assert max(map(len, answer.output.splitlines())) <= width


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_k13_a_map_that_is_not_utf_8_is_refused_by_name(tmp_path: Path, encoding: str) -> None:
    text = "system,code,display,category,count\nurn:oid:1.2.3,101,Krankenhaus Süd,acute_inpatient,12\n"
    (tmp_path / "class.csv").write_bytes(text.encode(encoding))
    (tmp_path / "metriccare.toml").write_text('[sources.default]\nclass_map = "class.csv"\n')
    with pytest.raises(
        ParameterError, match=r"class\.csv, which is not UTF-8: in Excel, save it as 'CSV UTF-8'"
    ):
        load_sources(tmp_path / "metriccare.toml")
