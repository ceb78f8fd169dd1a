"""A lake as two runs leave it, as far as what shows results reads it: no Spark, a second instead of half a minute."""

from datetime import UTC, date, datetime
from pathlib import Path

from tests.support.hudi_tables import write_table
from tests.support.notebooks import write_executed
from tests.support.rows import NO_NUMBERS, result_row, run_row

from metriccare.definitions.tables import MEASURE_PUBLISHED, MEASURE_RESULT, RUN
from metriccare.settings import Lake


def write_finished_lake(folder: Path) -> Lake:
    """Write two runs, results of two cut-off dates, and the newest run's gold notebook."""
    lake = Lake.at(folder)
    days = {"rate": 4.25, "ci_low": 4.1, "ci_high": 4.4, "numerator": 4250.0}
    everywhere = [
        result_row("length_of_stay_midnights", **days),
        result_row(),
        result_row(as_of=date(2025, 3, 31), rate=0.5),
    ]
    small = result_row(value="h2", stratum="hospital", stratum_display="Small Clinic")
    large = result_row(value="h1", stratum="hospital", stratum_display="Large Clinic")
    hidden = small | NO_NUMBERS | {"is_suppressed": True}
    earlier = run_row(run_id="run-1", run_at=datetime(2025, 7, 1, tzinfo=UTC), as_of=date(2025, 3, 31))
    write_table(lake, RUN, [run_row(), earlier])
    for table, last in ((MEASURE_PUBLISHED, hidden), (MEASURE_RESULT, small)):
        write_table(lake, table, [*everywhere, large, last])
    write_executed(Path(lake.runs) / "run-2" / "04_gold.ipynb")
    return lake
