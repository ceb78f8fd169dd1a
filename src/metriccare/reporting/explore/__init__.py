"""Exploration of a lake: its tables, and why a hospital's rate differs from that of the others.

Example:
    >>> from metriccare.reporting import explore
    >>> data = explore.open_lake(".metriccare")  # doctest: +SKIP
    >>> data.measures("readmission_30_day", by="hospital")  # doctest: +SKIP
    >>> explore.drivers(data, "readmission_30_day", "General Hospital")  # doctest: +SKIP
"""

from metriccare.reporting.explore.cases import MEASURES
from metriccare.reporting.explore.comparison import Drivers, drivers
from metriccare.reporting.explore.group import FACTORS
from metriccare.reporting.explore.handle import OpenLake, open_lake
from metriccare.reporting.explore.picture import picture
from metriccare.reporting.explore.stay_list import stays

__all__ = ["FACTORS", "MEASURES", "Drivers", "OpenLake", "drivers", "open_lake", "picture", "stays"]
