"""The factors that stays can be grouped by: each is a column of words."""

import pandas as pd

from metriccare.definitions.strata import AGE_BANDS, OLDEST_AGE_BAND, UNKNOWN
from metriccare.reporting.wording import words

FACTORS = ("age_band", "sex", "diagnosis", "length_of_stay", "disposition", "admission")
NIGHTS = ((2, "0-1 days"), (4, "2-3 days"), (7, "4-6 days"), (14, "7-13 days"))
LONGEST = "14+ days"
TRANSFERRED, ELECTIVE, EMERGENCY, OTHER = (
    "from another hospital",
    "elective",
    "emergency or observation",
    "other",
)


def with_factors(facts: pd.DataFrame) -> pd.DataFrame:
    """Add the columns of `FACTORS` to stays; missing values are `unknown`.

    Args:
        facts: one row per stay, with `age` (years), `sex`, `diagnosis_system`, `diagnosis_code`,
            `diagnosis_display`, `admission_date`, `discharge_date`, `disposition_class`, `chain_position`,
            `is_elective` and `emergency_start_date`.

    Returns:
        The same rows. Lengths are in nights. The age bands are those of observed / expected (MEASURES 1.5).
    """
    return facts.assign(
        age_band=banded(facts["age"], AGE_BANDS, OLDEST_AGE_BAND),
        sex=facts["sex"].fillna(UNKNOWN),
        diagnosis=_diagnosis(facts),
        length_of_stay=banded(_nights(facts), NIGHTS, LONGEST),
        disposition=facts["disposition_class"].map(_disposition, na_action="ignore").fillna(UNKNOWN),
        admission=_admission(facts),
    )


def banded(values: pd.Series, bands: tuple[tuple[int, str], ...], last: str) -> pd.Series:
    """Return the name of the first band whose upper end (exclusive) is above the value.

    Example:
        >>> banded(pd.Series([17, 18, 90, None]), ((18, "young"),), "old").tolist()
        ['young', 'old', 'old', 'unknown']
    """
    found = pd.Series(last, index=values.index, dtype=object)
    for below, name in reversed(bands):
        found = found.mask(values < below, name)
    return found.mask(values.isna(), UNKNOWN)


def _nights(facts: pd.DataFrame) -> pd.Series:
    return (facts["discharge_date"] - facts["admission_date"]).dt.days


def _diagnosis(facts: pd.DataFrame) -> pd.Series:
    """Return the principal diagnosis by code, with one of its displays: sources name the same code differently."""
    code, display = facts["diagnosis_code"], facts["diagnosis_display"]
    key = facts["diagnosis_system"].fillna("") + "|" + code.fillna("")
    known = key.map(display.dropna().groupby(key).min())
    return known.where(code.notna(), display).fillna(code).fillna(UNKNOWN)


def _disposition(category: str) -> str:
    return words("disposition", category)


def _admission(facts: pd.DataFrame) -> pd.Series:
    """Return the kind of admission; later legs of a transfer chain are admissions from another hospital."""
    kind = pd.Series(OTHER, index=facts.index, dtype=object)
    kind = kind.mask(facts["emergency_start_date"].notna(), EMERGENCY)
    kind = kind.mask(facts["is_elective"].eq(True), ELECTIVE)
    return kind.mask(facts["chain_position"] > 1, TRANSFERRED)
