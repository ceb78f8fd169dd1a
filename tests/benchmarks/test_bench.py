import json
from pathlib import Path

import pytest
from benchmarks.pipeline.bench import TARGETS, compare_with_targets, main

FIGURES = {"work_s": 10.0, "wall_s": 15.0, "written_mb": 40.0}


def test_the_targets_are_for_ratios_of_medians() -> None:
    found = {
        "full": {"metriccare": FIGURES, "plain spark": FIGURES | {"work_s": 8.0}},
        "delivery": {"metriccare": FIGURES | {"work_s": 2.0, "written_mb": 4.0}},
        "nothing": {"metriccare": FIGURES | {"wall_s": 0.3}},
    }
    assert compare_with_targets(found) == dict(zip(TARGETS, (0.2, 0.1, 0.3, 1.25), strict=True))


@pytest.mark.long
def test_metriccare_duckdb_and_plain_spark_find_the_same_numbers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--size", "XS", "--turns", "1", "--work", str(tmp_path)])
    said = capsys.readouterr().out
    assert ended.value.code == 0, said
    assert "Numbers after delivery: identical on all three sides" in said
    figures = json.loads((tmp_path / "bench.json").read_text(encoding="utf-8"))
    assert {len(runs) for runs in figures["sizes"]["XS"]["runs"].values()} == {2, 3}
