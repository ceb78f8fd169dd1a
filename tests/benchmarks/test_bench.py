import json
import subprocess
from pathlib import Path

import pytest
from benchmarks.pipeline.bench import main
from benchmarks.pipeline.workloads import BIN, PROJECT, make_run


@pytest.mark.long
def test_metriccare_duckdb_and_plain_spark_find_the_same_numbers(
    jvm: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    only = ["--only", "full-S", "delivery-S", "--patients", "S=100", "M=60"]
    with pytest.raises(SystemExit) as ended:
        main([*only, "--turns", "1", "--work", str(tmp_path)])
    said = capsys.readouterr().out
    assert ended.value.code == 0, said
    assert "Numbers after delivery-S: the same on all sides" in said
    figures = json.loads((tmp_path / "bench.json").read_text(encoding="utf-8"))
    sides = {name: [run["name"] for run in runs] for name, runs in figures["runs"].items()}
    everyone = ["metriccare", "duckdb", "plain spark"]
    assert sides == {"full-M": ["duckdb"], "full-S": everyone, "delivery-S": everyone}
    assert figures["in_d"]["full-M"]["duckdb"] == 1.0


@pytest.mark.parametrize(
    "arguments", [["--patients", "XL=5"], ["--patients", "S=0"], ["--patients", "S"], ["--only", "full-XL"]]
)
def test_unknown_sizes_and_workloads_are_refused(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert arguments[1] in capsys.readouterr().err


def test_make_run_is_measured_without_installing(tmp_path: Path) -> None:
    command = [*make_run(tmp_path, 5).command, "--dry-run"]
    said = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    run, report = said.splitlines()
    assert run.endswith(f"{BIN}/metriccare run --generate 5")
    assert report == f"{BIN}/metriccare report --out {tmp_path}/report.html"
