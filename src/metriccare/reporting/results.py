"""The results for the command line: selected, ordered, as plain rows, JSON or CSV."""

import json
from collections.abc import Sequence

import pyarrow.compute as pc

from metriccare.definitions import strata
from metriccare.definitions.measures import place_of
from metriccare.definitions.profiles import ALL_ADULT
from metriccare.definitions.tables import MEASURE_PUBLISHED, MEASURE_RESULT
from metriccare.errors import LakeError
from metriccare.lake.reader import read_table
from metriccare.lake.run_log import Row, newest_run
from metriccare.reporting import csv_text
from metriccare.settings import Lake

COLUMNS = MEASURE_PUBLISHED.column_names


def find_results(
    lake: Lake,
    profile: str = ALL_ADULT.name,
    stratum: str = strata.ALL,
    as_of: str = "",
    unsuppressed: bool = False,
) -> list[Row]:
    """Return the results, one row per measure and stratum value, with the columns of `COLUMNS`.

    Args:
        lake: the lake.
        profile: one of `definitions.profiles.PROFILES`, by name.
        stratum: one of `definitions.strata.STRATA`; `all` is not stratified.
        as_of: the cut-off date, as YYYY-MM-DD; empty means that of the latest run.
        unsuppressed: read the internal table, in which small cells have numbers.

    Raises:
        LakeError: the lake has no such results; the message lists those it has.
    """
    table = read_table(lake, MEASURE_RESULT if unsuppressed else MEASURE_PUBLISHED, COLUMNS)
    wanted = {
        "profile": profile,
        "stratum": stratum,
        "as_of": as_of or str(newest_run(lake)["as_of"]),
    }
    for column, value in wanted.items():
        kept = table.filter(pc.equal(table[column].cast("string"), value))
        if not kept.num_rows:
            raise LakeError(_no_results(column, value, table[column].cast("string").unique().to_pylist()))
        table = kept
    return sorted(table.to_pylist(maps_as_pydicts="strict"), key=_order)


def profiles_of(lake: Lake) -> list[str]:
    """Return the profiles with results in the latest run, in alphabetical order."""
    as_of = str(newest_run(lake)["as_of"])
    table = read_table(lake, MEASURE_PUBLISHED, ("profile", "as_of"))
    latest = table.filter(pc.equal(table["as_of"].cast("string"), as_of))
    return sorted(latest["profile"].unique().to_pylist())


def to_json(rows: Sequence[Row]) -> str:
    """Return the rows as a JSON list of objects; dates are written as YYYY-MM-DD."""
    return json.dumps(list(rows), indent=2, default=str)


def to_csv(rows: Sequence[Row]) -> str:
    """Return the rows as CSV with a header; the map of exclusions is a JSON object in its cell."""
    return csv_text.to_csv(COLUMNS, (row | {"excluded": json.dumps(row["excluded"])} for row in rows))


def _no_results(column: str, value: str, available: Sequence[str]) -> str:
    return (
        f"There are no results for {column} {value}; the lake has {', '.join(sorted(available)) or 'none'}."
    )


def _order(row: Row) -> tuple[int, str, str]:
    name = row["measure"]
    return place_of(name), name, str(row["stratum_value"])
