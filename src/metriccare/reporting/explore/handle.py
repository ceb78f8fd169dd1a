"""A lake opened for reading: its tables as Arrow, Spark or SQL views, and its measures as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa

from metriccare.definitions import strata
from metriccare.definitions.measures import READMISSION
from metriccare.definitions.profiles import ALL_ADULT
from metriccare.definitions.tables import TABLES, Table
from metriccare.errors import ParameterError
from metriccare.lake.reader import Filter, read_table
from metriccare.lake.run_log import Row, newest_run
from metriccare.lake.storage import has_table
from metriccare.reporting.notebook_tables import measure_table
from metriccare.reporting.results import find_results
from metriccare.runtime.extras import require
from metriccare.settings import Lake

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

NAMES = tuple(TABLES)


@dataclass(frozen=True)
class OpenLake:
    """A lake opened for reading; nothing here writes.

    Attributes:
        lake: its location.
    """

    lake: Lake

    @property
    def newest_run(self) -> Row:
        """The latest row of gold.run: `as_of`, `is_synthetic` and the reconciliation.

        Raises:
            LakeError: nothing has run in this lake yet.
        """
        return newest_run(self.lake)

    def table(
        self, name: str, columns: Sequence[str] | None = None, filters: Sequence[Filter] = ()
    ) -> pa.Table:
        """Return the current state of a table as Arrow, without a JVM; small cells are not hidden.

        Args:
            name: e.g. `silver.stay`, or `stay` alone.
            columns: the columns to read; None means all.
            filters: conditions that must all hold, e.g. `("profile", "=", "all_adult")`.

        Raises:
            ParameterError: there is no table with this name.
            LakeError: it has not been written yet.

        Example:
            >>> data.table("silver.stay", ["id", "admission_date"]).to_pandas()  # doctest: +SKIP
        """
        return read_table(self.lake, _table(name), columns, filters)

    def spark(self, name: str) -> "DataFrame":
        """Return a table as a Spark DataFrame; a session is started if there is none.

        Args:
            name: e.g. `silver.stay`, or `stay` alone.

        Raises:
            ParameterError: there is no table with this name.
            LakeError: it has not been written yet.
            MissingExtraError: PySpark is not installed.
        """
        require("spark")
        from metriccare.lake.tables import SparkLake
        from metriccare.runtime.spark import get_spark

        return SparkLake(get_spark(self.lake.root), self.lake).read(_table(name))

    def register_views(self, *names: str) -> list[str]:
        """Register tables as views for SQL (`%%sql`) under their names without the layer, and return these names.

        Args:
            names: e.g. `stay_measure`; none means all that have been written.

        Raises:
            ParameterError: there is no table with one of the names.
            LakeError: one of the named tables has not been written yet.

        Example:
            >>> data.register_views("stay_measure")  # doctest: +SKIP
            ['stay_measure']
        """
        wanted = names or [name for name in NAMES if has_table(self.lake, _table(name))]
        views = {_table(name).name: self.spark(name) for name in wanted}
        for view, rows in views.items():
            rows.createOrReplaceTempView(view)
        return list(views)

    def measures(
        self,
        measure: str = "",
        by: str = strata.ALL,
        profile: str = ALL_ADULT.name,
        *,
        unsuppressed: bool = False,
    ) -> pd.DataFrame:
        """Return the measures of the latest run: counts, and rates with their 95 % intervals.

        Args:
            measure: e.g. `readmission_30_day`; empty means all.
            by: a stratum, e.g. `hospital` or `month`.
            profile: the set of rules.
            unsuppressed: also show small cells, for internal use.

        Returns:
            One row per measure and value of `by`; the index names the measure.

        Raises:
            LakeError: the lake has no such results; the message lists those it has.
            ParameterError: it has none for this measure.
        """
        rows = pd.DataFrame(find_results(self.lake, profile, by, unsuppressed=unsuppressed))
        chosen = rows[rows["measure"] == measure] if measure else rows
        if chosen.empty:
            available = ", ".join(dict.fromkeys(rows["measure"]))
            raise ParameterError(f"There are no results for {measure!r} by {by}: use one of {available}.")
        return measure_table(chosen, by)

    def hospitals(self) -> dict[str, str]:
        """Return the names of the hospitals that have results, by their ids.

        Raises:
            LakeError: nothing has run in this lake yet.
        """
        columns, only = ("stratum_value", "stratum_display"), [("stratum", "=", strata.HOSPITAL)]
        rows = self.table("gold.measure_published", columns, only).to_pylist()
        return {row["stratum_value"]: row["stratum_display"] for row in rows}

    def highest(self, measure: str = READMISSION, profile: str = ALL_ADULT.name) -> str:
        """Return the id of the hospital with the highest published rate; empty if fewer than two have one.

        Hospitals with too few stays for a reliable rate are ranked after the others.

        Raises:
            LakeError: the lake has no such results.
        """
        rows = [row for row in find_results(self.lake, profile, strata.HOSPITAL) if row["measure"] == measure]
        shown = [row for row in rows if row["rate"] is not None]
        if len(shown) == 1:  # there is nothing to compare it with
            return ""
        best = max(shown, key=lambda row: (not row["is_too_few"], row["rate"]), default=None)
        return str(best["stratum_value"]) if best else ""


def open_lake(lake: Lake | str | Path = "") -> OpenLake:
    """Open a lake on disk or on S3 for reading, without a JVM; tables are read when they are used.

    Args:
        lake: the lake or its location; empty means `METRICCARE_HOME`, else `.metriccare` at the project root.

    Example:
        >>> open_lake("s3://bucket/lake").lake.root
        's3://bucket/lake'
    """
    return OpenLake(lake if isinstance(lake, Lake) else Lake.at(lake))


def _table(name: str) -> Table:
    """Return the table with a name; table names are unique across layers."""
    found = [table for table in TABLES.values() if name in (str(table), table.name)]
    if not found:
        raise ParameterError(f"There is no table {name!r}: use one of {', '.join(NAMES)}.")
    return found[0]
