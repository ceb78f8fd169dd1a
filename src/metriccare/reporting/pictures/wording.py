"""What funnel plots and control charts say of a measure, and the check that they compare like with like."""

from collections.abc import Sequence

import pandas as pd

from metriccare.definitions.measures import MEASURES, Kind, Measure, compared
from metriccare.errors import ParameterError
from metriccare.reporting.pictures.canvas import UNADJUSTED

PROPORTIONS = compared(Kind.PROPORTION)
RATES = compared(Kind.RATE)


def measure_among(name: str, known: Sequence[str]) -> Measure:
    """Return the measure of a name.

    Raises:
        ParameterError: if it is not among those that this kind of picture shows.
    """
    if name not in known:
        raise ParameterError(f"There is no such picture of {name!r}: use one of {', '.join(known)}.")
    return MEASURES[name]


def check_one_view(results: pd.DataFrame) -> None:
    """Check that the rows are of one profile and one as_of, so that no stay is counted twice.

    Raises:
        ParameterError: if they are of several.
    """
    for column in ("profile", "as_of"):
        found = sorted(map(str, results[column].unique())) if column in results else []
        if len(found) > 1:
            raise ParameterError(
                f"The results hold more than one {column} ({', '.join(found)}): pass the rows of one."
            )


def observed(measure: Measure, results: pd.DataFrame) -> str:
    """Return what is counted, that it is unadjusted, and whose rules (profile) apply."""
    return f"{measure.description}; {UNADJUSTED}{profile_of(results, '; ')}."


def profile_of(results: pd.DataFrame, before: str) -> str:
    """Return the name of the rows' profile, with what goes before it; nothing where the rows do not say."""
    profiles = results["profile"].unique().tolist() if "profile" in results else []
    return "".join(f"{before}profile {profile}" for profile in profiles)


def number_hidden(results: pd.DataFrame, measure: str, stratum: str) -> int:
    """Count the cells of a measure and stratum that are suppressed for their small numbers."""
    rows = results[(results["measure"] == measure) & (results["stratum"] == stratum)]
    return int(rows["is_suppressed"].eq(True).sum())
