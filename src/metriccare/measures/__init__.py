"""The measures: which stay counts for what, and why; then the numbers.

A folder per measure, a declaration per clause of its specification; `docs/measures.md` tells the same in words.
"""

from metriccare.definitions.profiles import PROFILES, Profile
from metriccare.definitions.versions import DEFINITION_VERSION
from metriccare.measures.decisions import DECISIONS
from metriccare.measures.result import (
    CELLS,
    CHANGED_CELLS,
    NAMES,
    NEWEST_DISCHARGE,
    RESULTS,
    default_as_of,
    measure_results,
    published,
)

__all__ = [
    "CELLS",
    "CHANGED_CELLS",
    "DECISIONS",
    "DEFINITION_VERSION",
    "NAMES",
    "NEWEST_DISCHARGE",
    "PROFILES",
    "RESULTS",
    "Profile",
    "default_as_of",
    "measure_results",
    "published",
]
