"""What the funnel plots and control charts call each measure, and the check that they compare like with like."""

from typing import NamedTuple

import pandas as pd

from metriccare.errors import ParameterError
from metriccare.reporting.pictures.canvas import UNADJUSTED


class Wording(NamedTuple):
    """How one measure is named in a picture."""

    title: str
    counted: str
    axis: str
    units: str
    scale: float = 100.0
    unit: str = " %"
    digits: int = 1


PROPORTIONS = {
    "readmission_30_day": Wording(
        "Readmission within 30 days",
        "Share of index admissions with another admission within 30 days, all causes",
        "readmitted, % of index admissions",
        "index admissions",
    ),
    "readmission_30_day_unplanned": Wording(
        "Unplanned readmission within 30 days",
        "Share of index admissions whose next admission within 30 days was not planned",
        "readmitted unplanned, % of index admissions",
        "index admissions",
    ),
    "mortality_in_hospital": Wording(
        "Mortality in hospital",
        "Share of stays that ended with the patient's death",
        "died in hospital, % of stays",
        "stays",
    ),
    "mortality_30_day": Wording(
        "Mortality within 30 days of admission",
        "Share of stays with a death within 30 days of admission, wherever it happened",
        "died within 30 days, % of stays",
        "stays",
    ),
}
RATES = {
    "infection_per_1000_patient_days": Wording(
        "Hospital-onset infection diagnoses (proxy)",
        "Events on hospital day 3 or later per 1,000 patient-days; not NHSN surveillance",
        "events per 1,000 patient-days",
        "patient-days",
        1000.0,
        "",
        2,
    ),
    "infection_per_100_discharges": Wording(
        "Hospital-onset infection diagnoses (proxy)",
        "Events on hospital day 3 or later per 100 discharges; not NHSN surveillance",
        "events per 100 discharges",
        "discharges",
        unit="",
        digits=2,
    ),
}


def wording_of(measure: str, known: dict[str, Wording]) -> Wording:
    """Return the words of a measure.

    Raises:
        ParameterError: if this kind of picture does not fit the measure.
    """
    if measure not in known:
        raise ParameterError(f"There is no such picture of {measure!r}: use one of {', '.join(known)}.")
    return known[measure]


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


def observed(words: Wording, results: pd.DataFrame) -> str:
    """Return what is counted, that it is unadjusted, and whose rules (profile) apply."""
    return f"{words.counted}; {UNADJUSTED}{profile_of(results, '; ')}."


def profile_of(results: pd.DataFrame, before: str) -> str:
    """Return the name of the rows' profile, with what goes before it; nothing where the rows do not say."""
    profiles = results["profile"].unique().tolist() if "profile" in results else []
    return "".join(f"{before}profile {profile}" for profile in profiles)


def number_hidden(results: pd.DataFrame, measure: str, stratum: str) -> int:
    """Count the cells of a measure and stratum that are suppressed for their small numbers."""
    rows = results[(results["measure"] == measure) & (results["stratum"] == stratum)]
    return int(rows["is_suppressed"].eq(True).sum())
