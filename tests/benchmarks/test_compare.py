import json
import sys
from pathlib import Path
from typing import Any

import pytest
from benchmarks.pipeline import compare as module
from benchmarks.pipeline.compare import compare

Row = dict[str, Any]


def row(stratum: str = "all", value: str = "all", n: float = 3, d: float = 20, **other: object) -> Row:
    common = {"measure": "mortality_30_day", "profile": "all_adult", "as_of": "2025-12-31"}
    return common | {"stratum": stratum, "stratum_value": value, "numerator": n, "denominator": d} | other


def test_equal_results_have_no_differences_in_whatever_order() -> None:
    rows = [row(), row("year", "2025"), row("hospital", "h1")]

    assert compare(rows, rows[::-1]) == []


def test_another_numerator_or_denominator_is_reported() -> None:
    found = compare([row(), row("year", "2025")], [row(n=4), row("year", "2025", d=21)])

    assert found == [
        "mortality_30_day all all: DuckDB 3 of 20, MetricCare 4 of 20",
        "mortality_30_day year 2025: DuckDB 3 of 20, MetricCare 3 of 21",
    ]


def test_a_row_that_one_side_lacks_is_a_difference_unless_it_has_no_cases() -> None:
    only_ours = [row(), row("year", "2024", 0, 7), row("year", "2026", 0, 0)]

    assert compare([row(), row("year", "2025", 0, 0)], only_ours) == [
        "mortality_30_day year 2024: DuckDB 0 of 0, MetricCare 0 of 7"
    ]


def test_another_as_of_is_reported() -> None:
    found = compare([row(as_of="2025-06-30")], [row()])

    assert found == ["as_of: DuckDB ['2025-06-30'], MetricCare ['2025-12-31']"]


def test_other_profiles_measures_and_strata_are_not_looked_at() -> None:
    others = [
        row(profile="simple", n=9),
        row(measure="length_of_stay_median", n=9),
        row("month", "2025-01", 9),
    ]

    assert compare([row()], [row(), *others]) == []


def test_sides_without_a_common_stratum_are_not_the_same() -> None:
    assert compare([row()], [row("year", "2025")]) != []
    assert compare([], []) != []


def test_the_command_ends_with_1_where_the_sides_differ(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, rows in (("duck", [row()]), ("same", [row()]), ("other", [row(n=4)])):
        (tmp_path / name).write_text(json.dumps(rows))

    assert [outcome(monkeypatch, tmp_path, name) for name in ("same", "other")] == [0, 1]
    assert "The same: 1 pairs" in capsys.readouterr().out


def outcome(monkeypatch: pytest.MonkeyPatch, folder: Path, other: str) -> int:
    arguments = ["--duckdb", f"{folder}/duck", "--metriccare", f"{folder}/{other}"]
    monkeypatch.setattr(sys, "argv", ["compare", *arguments])
    with pytest.raises(SystemExit) as ended:
        module.main()
    return int(ended.value.code or 0)
