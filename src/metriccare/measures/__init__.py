"""The measures: which stay counts for what, and why; then the numbers.

A folder per measure, a function per clause of its specification; `docs/measures.md` tells the same in words.
"""

from metriccare.definitions.profiles import PROFILES, Profile
from metriccare.definitions.versions import DEFINITION_VERSION
from metriccare.measures.infection import infection_events
from metriccare.measures.patient_day import patient_days
from metriccare.measures.result import (
    CELLS,
    NEWEST_DISCHARGE,
    RESULTS,
    default_as_of,
    measure_results,
    published,
)
from metriccare.measures.stay_measure import stay_measures

__all__ = [
    "CELLS",
    "DEFINITION_VERSION",
    "NEWEST_DISCHARGE",
    "PROFILES",
    "RESULTS",
    "Profile",
    "default_as_of",
    "infection_events",
    "measure_results",
    "patient_days",
    "published",
    "stay_measures",
]
