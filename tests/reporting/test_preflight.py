"""The preflight for people: coverage, findings, codes to map as a file to fill in; no small count in a notebook."""

import csv
import io
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from rich.console import Console

from metriccare.definitions import coverage_fields as fields
from metriccare.pipeline.configuration import load_sources
from metriccare.reporting.preflight import coverage_table, how_to_map, show_findings, unmapped_csv
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
        (1000, 400, ("1,000", "400", "40.0%")),
        (1000, 0, ("1,000", "0", "0.0%")),
        (1000, 10, ("1,000", "1-10", "")),
        (1000, 990, ("1,000", "", "")),
        (10, 0, ("1-10", "", "")),
        (0, 0, ("0", "0", "")),
    ],
)
def test_a_notebook_shows_no_count_from_which_a_small_one_follows(
    rows: int, present: int, shown: tuple[str, str, str]
) -> None:
    line = {"source": "a", "resource": "Patient", "field": "f", "rows": rows, "present": present}
    table = coverage_table(pd.DataFrame([line]))
    assert tuple(table.loc[("a", "f")]) == shown


def test_findings_are_printed_as_a_list() -> None:
    console = Console(file=io.StringIO(), width=200)
    rows = [{"source": "a", "field": fields.GENDER, "rows": 100, "present": 0}]
    show_findings(console, rows)
    assert "- source a: all 100 patients have no gender" in console.file.getvalue()  # type: ignore[attr-defined]
