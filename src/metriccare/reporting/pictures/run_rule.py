"""The run rule of control charts: many months in a row on one side of the centre are not chance."""

from collections.abc import Sequence
from itertools import groupby

import numpy as np

LONG_RUN = 8


def long_runs(values: Sequence[float], centre: float, length: int = LONG_RUN) -> list[list[int]]:
    """Return the runs of at least `length` values on one side of the centre, each as positions in `values`.

    A value on the centre neither adds to a run nor ends it, and is in none. A missing value (NaN) ends the run,
    because the side of that month is unknown.

    Args:
        values: one per month, in order, without gaps.
        centre: the centre line, in the same unit.
        length: the number of values that make a run. Source: Provost and Murray, The Health Care Data Guide (a shift:
            8 or more).
    """
    sides = [_side(value, centre) for value in values]
    off_centre = [at for at, side in enumerate(sides) if side != 0]
    runs = [(side, list(places)) for side, places in groupby(off_centre, key=lambda at: sides[at])]
    return [places for side, places in runs if side is not None and len(places) >= length]


def _side(value: float, centre: float) -> int | None:
    """Return 1 above the centre, -1 below, 0 on it, None for a missing value."""
    if np.isnan(value):
        return None
    if np.isclose(value, centre, rtol=1e-9, atol=0.0):
        return 0
    return 1 if value > centre else -1
