"""as_of, the cut in event time: what happens later is unseen, a stay that crosses it is open."""

from datetime import date

import pyarrow as pa

from metriccare.engine import Program, Reference, load_steps

_DISCHARGE = "discharge_date DATE, received_at TIMESTAMP"
NEWEST_DISCHARGE = Program(
    {"stay": _DISCHARGE}, load_steps(__package__, "newest_discharge"), {"newest_discharge": _DISCHARGE}
)
"""Find the newest discharge among rows of silver.stay that may be as_of."""


def default_as_of(stays: pa.Table) -> date | None:
    """Return the newest discharge date that is not after the date its delivery was received; None if there is none.

    Args:
        stays: rows of silver.stay, at least the newest discharges of all its parts.
    """
    found = NEWEST_DISCHARGE.run({"stay": stays}, Reference())["newest_discharge"]
    newest: date | None = found["discharge_date"][0].as_py() if found.num_rows else None
    return newest
