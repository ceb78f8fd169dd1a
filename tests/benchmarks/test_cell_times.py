import json
from pathlib import Path

from benchmarks.pipeline.cell_times import REST, breakdown, newest_run, work_seconds


def kept(run: Path, name: str, cells: list[tuple[str, float]]) -> None:
    """Write an executed notebook of code cells and their seconds."""
    run.mkdir(parents=True, exist_ok=True)
    found = [
        {"cell_type": "code", "source": [source], "metadata": {"papermill": {"duration": seconds}}}
        for source, seconds in cells
    ]
    prose = {"cell_type": "markdown", "source": ["# Words"], "metadata": {"papermill": {"duration": 0.5}}}
    (run / f"{name}.ipynb").write_text(json.dumps({"cells": [prose, *found]}), encoding="utf-8")


def test_cells_are_named_by_what_they_call_and_the_rest_is_the_start(tmp_path: Path) -> None:
    run = tmp_path / "runs" / "20260102"
    kept(run, "02_bronze", [("from x import y\nz = y.take(1)", 3.0), ("lake = ''", 0.2)])
    kept(run, "03_silver", [("%glue_version 5.0", 0.1), ("refresh.refresh_stays(spark)", 5.0)])
    assert breakdown(tmp_path, 10.0) == {
        "03_silver refresh_stays": 5.0,
        "02_bronze take": 3.0,
        REST: 1.7,
        "02_bronze parameters": 0.2,
        "03_silver parameters": 0.1,
    }
    assert list(breakdown(tmp_path, 10.0, least=0.1)) == ["03_silver refresh_stays", "02_bronze take", REST]


def test_the_newest_run_is_looked_at(tmp_path: Path) -> None:
    for name, seconds in (("20260102", 1.0), ("20260103", 2.0)):
        kept(tmp_path / "runs" / name, "04_gold", [("count()", seconds)])
    assert newest_run(tmp_path).name == "20260103"
    assert work_seconds(tmp_path) == 2.0
