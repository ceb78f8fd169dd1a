"""Texts of funnel plots and control charts, and the check that they compare like with like."""

from collections.abc import Sequence

import pandas as pd

from metriccare.definitions.measures import MEASURES, Kind, Measure, compared
from metriccare.errors import ParameterError
from metriccare.reporting.pictures.canvas import UNADJUSTED

PROPORTIONS = compared(Kind.PROPORTION)
RATES = compared(Kind.RATE)


def measure_among(name: str, known: Sequence[str]) -> Measure:
    """Return the measure with a name.

    Raises:
        ParameterError: this kind of chart does not show this measure.
    """
    if name not in known:
        raise ParameterError(f"There is no such chart for {name!r}: use one of {', '.join(known)}.")
    return MEASURES[name]


def check_one_view(results: pd.DataFrame) -> None:
    """Check that the rows have one profile and one as_of, so that no stay is counted twice.

    Raises:
        ParameterError: they have several.
    """
    for column in ("profile", "as_of"):
        found = sorted(map(str, results[column].unique())) if column in results else []
        if len(found) > 1:
            raise ParameterError(
                f"The results have more than one {column} ({', '.join(found)}): pass the rows of one."
            )


def observed(measure: Measure, results: pd.DataFrame) -> str:
    """Return a text that says what is counted, that it is unadjusted, and which profile applies."""
    return f"{measure.description}; {UNADJUSTED}{profile_of(results, '; ')}."


def profile_of(results: pd.DataFrame, before: str) -> str:
    """Return the profile of the rows after a separator; empty if the rows have no such column."""
    profiles = results["profile"].unique().tolist() if "profile" in results else []
    return "".join(f"{before}profile {profile}" for profile in profiles)


def number_hidden(results: pd.DataFrame, measure: str, stratum: str) -> int:
    """Return the number of suppressed cells of a measure and stratum."""
    rows = results[(results["measure"] == measure) & (results["stratum"] == stratum)]
    return int(rows["is_suppressed"].eq(True).sum())
