"""The preflight for people: coverage, findings, codes to map as a file to fill in; no small count in a notebook."""

import csv
import io
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from metriccare.definitions import coverage_fields as fields
from metriccare.pipeline.configuration import load_sources
from metriccare.reporting.preflight import coverage_table, how_to_map, show_findings, unmapped_csv
from metriccare.reporting.terminal import Terminal
from metriccare.settings import Lake


def row(
    value_set: str, code: str, rows: int, source: str = "default", display: str | None = None
) -> dict[str, Any]:
    return {
        "source": source,
        "value_set": value_set,
        "system": "urn:oid:1",
        "code": code,
        "display": display,
        "rows": rows,
    }


CODES = [
    row("encounter_class", "101", 7, display="Hospital, acute"),
    row("encounter_class", "101", 5, source="south"),
    row("encounter_class", "102", 30),
    row("encounter_class", "(none)", 99),
    row("discharge_disposition", "x", 3),
]


def test_unmapped_codes_are_a_map_to_fill_in_the_most_frequent_first() -> None:
    assert unmapped_csv(CODES, "class").splitlines() == [
        "system,code,display,category,count",
        "urn:oid:1,102,,,30",
        'urn:oid:1,101,"Hospital, acute",,12',
    ]


def test_the_codes_of_one_source_can_be_had_alone() -> None:
    assert unmapped_csv(CODES, "class", "south").splitlines()[1:] == ["urn:oid:1,101,,,5"]
    assert unmapped_csv(CODES, "disposition", "south").splitlines()[1:] == []


def test_the_list_is_a_code_map_once_its_categories_are_filled_in(tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(unmapped_csv(CODES, "class"))))
    rows[0]["category"] = "acute_inpatient"
    with (tmp_path / "class.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    (tmp_path / "metriccare.toml").write_text(
        '[sources.default]\nclass_map = "class.csv"\n', encoding="utf-8"
    )
    mapped = load_sources(tmp_path / "metriccare.toml").by_name["default"].class_map
    assert [(code.code, code.category) for code in mapped] == [("102", "acute_inpatient")]


def test_the_way_to_map_names_commands_categories_and_lines_of_the_configuration() -> None:
    text = how_to_map(Lake("lake"), CODES)
    for part in (
        "metriccare preflight --unmapped class > class.csv",
        "acute_inpatient, nonacute_inpatient, not_inpatient",
        "the folder of lake/metriccare.toml and add these lines to it:",
        '[sources.default]\n  class_map = "class.csv"\n  disposition_map = "disposition.csv"',
        '[sources.south]\n  class_map = "class.csv"\n\n',
    ):
        assert part in text


def test_the_way_to_map_leaves_out_what_has_nothing_to_map() -> None:
    assert "disposition" not in how_to_map(Lake("lake"), CODES[:1])


@pytest.mark.parametrize(
    ("rows", "present", "shown"),
    [
        (1000, 412, "about 40 %"),
        (1000, 0, "none"),
        (1000, 10, "a few"),
        (1000, 990, "nearly all"),
        (1000, 1000, "all"),
        (499, 100, "some"),
        (499, 300, "most"),
        (0, 0, "-"),
    ],
)
def test_a_notebook_shows_shares_in_words(rows: int, present: int, shown: str) -> None:
    line = {"source": "a", "resource": "Patient", "field": "f", "rows": rows, "present": present}
    table = coverage_table(pd.DataFrame([line]))
    assert tuple(table.loc[("a", "f")]) == (shown,)


def shown_findings(rows: list[dict[str, Any]], **options: bool) -> list[str]:
    console = Terminal(file=io.StringIO(), width=400)
    show_findings(console, rows, **options)
    return [line for line in console.file.getvalue().splitlines() if line.startswith("- ")]  # type: ignore[attr-defined]


def test_findings_are_printed_as_a_list_with_numbers_for_internal_use_only() -> None:
    rows = [{"source": "a", "field": fields.GENDER, "rows": 100, "present": 0}]
    assert shown_findings(rows)[0].startswith("- source a: all patients have no gender")
    assert shown_findings(rows, is_internal=True)[0].startswith("- source a: all 100 patients have no gender")


def test_a_screen_has_ten_findings_and_says_where_the_others_are() -> None:
    absent = [
        value for name, value in vars(fields).items() if name.isupper() and value != fields.UTC_WITHOUT_ZONE
    ]
    rows = [
        {"source": "a", "field": field, "rows": 500, "present": 100 + at} for at, field in enumerate(absent)
    ]
    assert len(shown_findings(rows, is_internal=True)) > 11
    few = shown_findings(rows)
    assert len(few) == 11
    assert few[-1].endswith("more: `metriccare preflight` shows all.")
