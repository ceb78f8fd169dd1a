"""Length of stay (MEASURES 4)."""

from metriccare.measures.length_of_stay.measure import (
    length_of_stay_billing,
    length_of_stay_episode_billing,
    length_of_stay_fractional,
    length_of_stay_midnights,
)

__all__ = [
    "length_of_stay_billing",
    "length_of_stay_episode_billing",
    "length_of_stay_fractional",
    "length_of_stay_midnights",
]
