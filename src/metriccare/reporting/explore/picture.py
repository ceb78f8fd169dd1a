"""The chart of what drives a hospital's rate."""

from metriccare.reporting.explore.comparison import Drivers
from metriccare.reporting.explore.small import HIDDEN
from metriccare.reporting.pictures import excess_by_group
from metriccare.reporting.pictures.canvas import Picture


def picture(found: Drivers, most: int = 12) -> Picture:
    """Return horizontal bars of the groups whose number of events differs most from the expected number.

    Args:
        found: the result of `drivers`.
        most: maximum number of bars.

    Example:
        >>> explore.picture(explore.drivers(data, "readmission_30_day", "General Hospital"))  # doctest: +SKIP
    """
    hidden = int(found.rows["note"].eq(HIDDEN).sum())
    return excess_by_group(
        found.rows,
        found.measure,
        hospital=found.name,
        profile=found.profile,
        hidden=hidden,
        most=most,
        is_synthetic=found.is_synthetic,
    )
