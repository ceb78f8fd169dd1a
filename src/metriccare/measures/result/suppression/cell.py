"""One result as the suppression sees it: its place in the strata, its two numbers, its excluded stays."""

from collections.abc import Mapping
from typing import NamedTuple

from metriccare.definitions.strata import ALL

Place = tuple[str, str]
"""A stratum and its value, for example ("hospital_year", "H1|2025")."""

WHOLE: Place = (ALL, ALL)


class Cell(NamedTuple):
    """One row of gold.measure_result of one as_of.

    Attributes:
        measure: name of the measure.
        profile: name of the profile.
        stratum: one of `definitions.strata.STRATA`.
        value: value of the stratum.
        numerator: events, or days; None for medians and geometric means.
        denominator: stays, discharges, chains or patient-days.
        excluded: stays left out by reason.
    """

    measure: str
    profile: str
    stratum: str
    value: str
    numerator: float | None
    denominator: float | None
    excluded: Mapping[str, int]

    @property
    def place(self) -> Place:
        """Stratum and value."""
        return self.stratum, self.value
