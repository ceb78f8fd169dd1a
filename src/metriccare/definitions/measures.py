"""The measures: their names, order, titles and units, once for every reader. No Spark and no pandas.

A measure is a row of `MEASURES` and its rule in `metriccare.measures`. Tables, pictures, the report and `why` take what
they show from here. The names are stable (docs/contracts.md#stable-names).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

READMISSION = "readmission_30_day"
READMISSION_UNPLANNED = "readmission_30_day_unplanned"
READMISSION_PLANNED_UNKNOWN = "readmission_planned_status_unknown"
MORTALITY_IN_HOSPITAL = "mortality_in_hospital"
MORTALITY_30_DAY = "mortality_30_day"
INFECTION_DISCHARGES = "infection_per_100_discharges"
INFECTION_PATIENT_DAYS = "infection_per_1000_patient_days"
LENGTH_BILLING = "length_of_stay_billing"
LENGTH_MIDNIGHTS = "length_of_stay_midnights"
LENGTH_FRACTIONAL = "length_of_stay_fractional"
LENGTH_EPISODE = "length_of_stay_episode_billing"
LENGTH_MEDIAN = "length_of_stay_median"
LENGTH_GEOMETRIC_MEAN = "length_of_stay_geometric_mean"

INFECTION = "infection"
"""The column of gold.stay_measure behind both infection rates, and its title."""
INFECTION_TITLE = "Hospital-onset infections (proxy)"


class Kind(StrEnum):
    """What sort of number a measure is."""

    PROPORTION = "proportion"
    RATE = "rate"
    MEAN = "mean"
    MEDIAN = "median"
    GEOMETRIC_MEAN = "geometric_mean"


DAYS = (Kind.MEAN, Kind.MEDIAN, Kind.GEOMETRIC_MEAN)
"""The kinds that are a number of days, not of events."""


@dataclass(frozen=True)
class Measure:
    """One measure; its place in `MEASURES` is where it is shown.

    Attributes:
        name: as stored in gold.measure_result.
        title: for people, the same in every table and picture.
        kind: what sort of number it is.
        description: what is counted, as the beginning of a sentence.
        denominator: what the denominator counts, in the plural.
        axis: label of an axis that shows it, with the unit.
        per: the rate is given per so many of the denominator: 1, 100 or 1,000.
        decided_as: the column of gold.stay_measure with the decisions it sums up; empty where that is its own name.
        is_compared: whether funnel plots, control charts and `explore` show it.
        is_explained: whether the table of exclusions shows it; of measures that leave out the same stays one does.
    """

    name: str
    title: str
    kind: Kind
    description: str
    denominator: str
    axis: str
    per: float = 1.0
    decided_as: str = ""
    is_compared: bool = False
    is_explained: bool = False

    @property
    def decision(self) -> str:
        """The column of gold.stay_measure with the decisions it sums up."""
        return self.decided_as or self.name

    @property
    def percent(self) -> float:
        """What a stored rate is multiplied by to be shown: shares are stored from 0 to 1 and shown in percent."""
        return 100.0 if self.kind is Kind.PROPORTION else 1.0

    @property
    def scale(self) -> float:
        """What numerator / denominator is multiplied by to be shown."""
        return self.per * self.percent

    @property
    def unit(self) -> str:
        """What stands behind the figure; rates say it in the title."""
        if self.kind is Kind.PROPORTION:
            return " %"
        return " days" if self.kind in DAYS else ""

    @property
    def digits(self) -> int:
        """How many decimals are shown."""
        return 1 if self.kind is Kind.PROPORTION else 2


_ALL = (
    Measure(
        READMISSION,
        "Readmission within 30 days",
        Kind.PROPORTION,
        "Share of index admissions with another acute admission within 30 days, all causes",
        "index admissions",
        "readmitted, % of index admissions",
        is_compared=True,
        is_explained=True,
    ),
    Measure(
        READMISSION_UNPLANNED,
        "Unplanned readmission within 30 days",
        Kind.PROPORTION,
        "Share of index admissions whose next acute admission within 30 days was not planned",
        "index admissions",
        "readmitted unplanned, % of index admissions",
        is_compared=True,
    ),
    Measure(
        READMISSION_PLANNED_UNKNOWN,
        "Readmissions of unknown planned status",
        Kind.PROPORTION,
        "Share of readmissions without a principal diagnosis, so that planned and unplanned look the same",
        "readmissions",
        "planned status unknown, % of readmissions",
    ),
    Measure(
        MORTALITY_IN_HOSPITAL,
        "In-hospital mortality",
        Kind.PROPORTION,
        "Share of stays that ended with the patient's death",
        "stays",
        "died in hospital, % of stays",
        is_compared=True,
        is_explained=True,
    ),
    Measure(
        MORTALITY_30_DAY,
        "Mortality within 30 days of admission",
        Kind.PROPORTION,
        "Share of stays with a death within 30 days of admission, wherever it happened",
        "stays",
        "died within 30 days, % of stays",
        is_compared=True,
        is_explained=True,
    ),
    Measure(
        INFECTION_DISCHARGES,
        f"{INFECTION_TITLE} per 100 discharges",
        Kind.RATE,
        "Diagnoses on hospital day 3 or later per 100 discharges; not NHSN surveillance",
        "discharges",
        "infections per 100 discharges",
        per=100.0,
        decided_as=INFECTION,
        is_compared=True,
        is_explained=True,
    ),
    Measure(
        INFECTION_PATIENT_DAYS,
        f"{INFECTION_TITLE} per 1,000 patient-days",
        Kind.RATE,
        "Diagnoses on hospital day 3 or later per 1,000 patient-days; not NHSN surveillance",
        "patient-days",
        "infections per 1,000 patient-days",
        per=1000.0,
        decided_as=INFECTION,
        is_compared=True,
    ),
    Measure(
        LENGTH_BILLING,
        "Length of stay (billing days)",
        Kind.MEAN,
        "Mean billing days (a same-day stay counts as 1) per discharge, deaths included",
        "discharges",
        "billing days per discharge",
        is_explained=True,
    ),
    Measure(
        LENGTH_MIDNIGHTS,
        "Length of stay (midnights)",
        Kind.MEAN,
        "Mean midnights in hospital per discharge, deaths included",
        "discharges",
        "midnights per discharge",
    ),
    Measure(
        LENGTH_FRACTIONAL,
        "Length of stay (fractional days)",
        Kind.MEAN,
        "Mean time from admission to discharge, deaths included",
        "discharges with times of day",
        "days per discharge",
    ),
    Measure(
        LENGTH_EPISODE,
        "Length of stay per transfer chain (billing days)",
        Kind.MEAN,
        "Mean billing days from the first admission of a transfer chain to its last discharge",
        "transfer chains",
        "billing days per transfer chain",
    ),
    Measure(
        LENGTH_MEDIAN,
        "Median length of stay (billing days)",
        Kind.MEDIAN,
        "Median of the billing days of all discharges",
        "discharges",
        "median billing days",
        decided_as=LENGTH_BILLING,
    ),
    Measure(
        LENGTH_GEOMETRIC_MEAN,
        "Geometric mean length of stay (billing days)",
        Kind.GEOMETRIC_MEAN,
        "Geometric mean of the billing days of all discharges",
        "discharges",
        "geometric mean billing days",
        decided_as=LENGTH_BILLING,
    ),
)
MEASURES: Mapping[str, Measure] = {measure.name: measure for measure in _ALL}
"""Every measure by its name, in the order in which they are shown."""

DECISIONS = tuple(dict.fromkeys(measure.decision for measure in _ALL))
"""The columns of gold.stay_measure that hold decisions, in their order."""


def named(*kinds: Kind) -> tuple[str, ...]:
    """Return the names of the measures of these kinds, in their order."""
    return tuple(measure.name for measure in _ALL if measure.kind in kinds)


def compared(*kinds: Kind) -> tuple[str, ...]:
    """Return the names of the measures of these kinds that pictures and `explore` compare, in their order."""
    return tuple(name for name in named(*kinds) if MEASURES[name].is_compared)


def measure_of(name: str) -> Measure:
    """Return a measure; of one that only another version of MetricCare knows the name is all there is to show."""
    return MEASURES.get(name) or Measure(name, name, Kind.RATE, name, "", name)


def title_of(name: str) -> str:
    """Return the title of a measure, or of a column of gold.stay_measure with decisions."""
    return INFECTION_TITLE if name == INFECTION else measure_of(name).title


def place_of(name: str) -> int:
    """Return the place of a measure in the order; names of another version come last."""
    return list(MEASURES).index(name) if name in MEASURES else len(MEASURES)
