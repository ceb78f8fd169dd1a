"""Data quality of a lake for readers: coverage, findings, and unmapped codes with instructions."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from rich.table import Table

from metriccare.definitions.tables import COVERAGE, UNMAPPED_CODE
from metriccare.definitions.value_sets import NONE, load
from metriccare.lake.reader import read_table
from metriccare.lake.run_log import Row
from metriccare.pipeline.configuration import CODE_MAPS
from metriccare.reporting.coverage_counts import share_in_words
from metriccare.reporting.csv_text import to_csv
from metriccare.reporting.findings import at_most, findings
from metriccare.reporting.terminal import Terminal
from metriccare.reporting.terminal_tables import empty_table
from metriccare.settings import Lake

if TYPE_CHECKING:
    import pandas as pd

MAPS = {"class": "class_map", "disposition": "disposition_map"}


def read_coverage(lake: Lake) -> list[Row]:
    """Return the rows of gold.coverage, by source, in the order of the resources and fields.

    Raises:
        LakeError: nothing has run in this lake yet.
    """
    rows: list[Row] = read_table(lake, COVERAGE).to_pylist()
    return sorted(rows, key=lambda row: (row["source"], row["resource"], row["field"]))


def read_unmapped(lake: Lake) -> list[Row]:
    """Return the rows of gold.unmapped_code, the most frequent codes of each source and value set first.

    Raises:
        LakeError: nothing has run in this lake yet.
    """
    rows: list[Row] = read_table(lake, UNMAPPED_CODE).to_pylist()
    return sorted(rows, key=lambda row: (row["source"], row["value_set"], -row["rows"], row["code"]))


def show_findings(console: Terminal, coverage: Sequence[Row], *, is_internal: bool = False) -> None:
    """Print the findings: at most ten and with shares in words, or all of them with their numbers."""
    console.heading("Data quality", "\n")
    sentences = findings(coverage, exact=is_internal)
    for sentence in sentences if is_internal else at_most(sentences):
        console.print(f"- {sentence}")


def show_preflight(console: Terminal, lake: Lake) -> None:
    """Print coverage, findings, and unmapped codes with instructions for mapping; counts are unsuppressed."""
    coverage, codes = read_coverage(lake), read_unmapped(lake)
    for source, rows in groupby(coverage, key=lambda row: str(row["source"])):
        console.heading(f"Coverage of source {source}", "\n")
        console.print(_coverage(list(rows)))
    show_findings(console, coverage, is_internal=True)
    if codes:
        console.heading("Unmapped codes", "\n")
        console.print(_codes(codes))
        console.print(how_to_map(lake, codes))


def how_to_map(lake: Lake, codes: Sequence[Row]) -> str:
    """Return the commands and the TOML lines for mapping these codes."""
    unmapped = {row["value_set"] for row in codes}
    kinds = {kind: key for kind, key in MAPS.items() if CODE_MAPS[key] in unmapped}
    lines = [
        "\nTo map them, write them to a file and fill in the column category (empty rows stay unmapped):\n"
    ]
    for kind, key in kinds.items():
        allowed = sorted({row.category for row in load(CODE_MAPS[key])})
        lines += [f"  metriccare preflight --unmapped {kind} > {kind}.csv", f"    # {', '.join(allowed)}"]
    lines.append(f"\nThen put the files into the folder of {lake.config} and add these lines to it:\n")
    for source in sorted({row["source"] for row in codes}):
        of_source = {row["value_set"] for row in codes if row["source"] == source}
        lines.append(f"  [sources.{source}]")
        lines += [f'  {key} = "{kind}.csv"' for kind, key in kinds.items() if CODE_MAPS[key] in of_source]
    return "\n".join([*lines, "\nThen run `metriccare run`."])


def unmapped_csv(codes: Iterable[Row], kind: str, source: str = "") -> str:
    """Return the unmapped codes as a code map with an empty column for the categories.

    Args:
        codes: rows of gold.unmapped_code.
        kind: `class` or `disposition`.
        source: only this source; empty means all.
    """
    wanted = [row for row in codes if row["value_set"] == CODE_MAPS[MAPS[kind]] and row["code"] != NONE]
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in (row for row in wanted if source in ("", row["source"])):
        entry = {
            "system": "" if row["system"] == NONE else row["system"],
            "code": row["code"],
            "display": row["display"] or "",
            "category": "",
        }
        kept = found.setdefault((row["system"], row["code"]), entry | {"count": 0})
        kept["count"] += row["rows"]
    ordered = sorted(found.values(), key=lambda row: (-row["count"], row["code"]))
    return to_csv(("system", "code", "display", "category", "count"), ordered)


def coverage_table(coverage: "pd.DataFrame") -> "pd.DataFrame":
    """Return gold.coverage as a table for a notebook, with shares in words.

    Args:
        coverage: all rows of the table.
    """
    import pandas as pd

    rows = coverage.sort_values(["source", "resource", "field"]).to_dict("records")
    columns = ["Source", "Field", "Present"]
    return pd.DataFrame([_covered(row) for row in rows], columns=columns).set_index(columns[:2])


def _covered(row: dict[Any, Any]) -> Row:
    present = share_in_words(int(row["present"]), int(row["rows"]))
    return {"Source": row["source"], "Field": row["field"], "Present": present}


def _coverage(rows: Sequence[Row]) -> Table:
    table = empty_table("Field", "Rows", "Present", "Share")
    for row in rows:
        share = "-" if row["share"] is None else f"{row['share']:.1%}"
        table.add_row(row["field"], f"{row['rows']:,}", f"{row['present']:,}", share)
    return table


def _codes(codes: Sequence[Row]) -> Table:
    table = empty_table("Source", "Count")
    for name in ("Value set", "Code", "Display", "System"):
        table.add_column(name)
    for row in codes:
        texts = (row["value_set"], row["code"], row["display"] or "", row["system"])
        table.add_row(row["source"], f"{row['rows']:,}", *(text.replace("[", r"\[") for text in texts))
    return table
