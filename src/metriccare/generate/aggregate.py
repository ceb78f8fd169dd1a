"""Aggregates the labels of the stays by hospital and year, without keeping the stays in memory."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from math import exp, log
from typing import Any

from metriccare.generate.dates import MINUTES_PER_DAY, year_of
from metriccare.generate.labels import age_exclusion, infection, length_of_stay
from metriccare.generate.plan import PatientPlan, StayPlan

Row = dict[str, Any]
BINARY = ("readmission_30_day", "readmission_30_day_unplanned", "mortality_in_hospital", "mortality_30_day")
_PER_DISCHARGES, _PER_PATIENT_DAYS = 100, 1000


@dataclass
class Cell:
    """The sums of one hospital and year; `billing` counts stays by billing days."""

    numerators: Counter[str] = field(default_factory=Counter)
    denominators: Counter[str] = field(default_factory=Counter)
    billing: Counter[int] = field(default_factory=Counter)
    midnights: int = 0
    minutes: int = 0
    discharge_events: int = 0
    patient_days: int = 0
    day_events: int = 0

    def add(self, other: "Cell") -> None:
        """Add the sums of another cell."""
        self.numerators.update(other.numerators)
        self.denominators.update(other.denominators)
        self.billing.update(other.billing)
        self.midnights += other.midnights
        self.minutes += other.minutes
        self.discharge_events += other.discharge_events
        self.patient_days += other.patient_days
        self.day_events += other.day_events


class Aggregate:
    """The sums of a dataset, by hospital and year."""

    def __init__(self, end: int) -> None:
        self._end = end
        self._cells: dict[tuple[str, int], Cell] = {}

    def add(self, plan: PatientPlan, stay: StayPlan, labels: Row) -> None:
        """Add one stay with its labels."""
        if not stay.open:
            self._add_discharge(self._cell(stay, stay.discharge_day), stay, labels)
        if not age_exclusion(plan, stay):
            self._add_days(stay)

    def results(self) -> Iterator[Row]:
        """Yield the result rows of the truth: each measure and stratum with a denominator."""
        for (stratum, value), cell in self._strata().items():
            for measure, numerator, denominator, rate in _measures(cell):
                yield {
                    "measure": measure,
                    "stratum": stratum,
                    "stratum_value": value,
                    "numerator": numerator,
                    "denominator": denominator,
                    "rate": rate,
                }

    def _cell(self, stay: StayPlan, day: int) -> Cell:
        return self._cells.setdefault((stay.hospital.id, year_of(day)), Cell())

    def _add_discharge(self, cell: Cell, stay: StayPlan, labels: Row) -> None:
        for measure in BINARY:
            cell.denominators[measure] += labels[measure]["denominator"]
            cell.numerators[measure] += labels[measure]["numerator"]
        if labels["length_of_stay"]["denominator"]:
            cell.billing[length_of_stay.billing_days(stay)] += 1
            cell.midnights += stay.nights
            cell.minutes += length_of_stay.minutes(stay)
            cell.discharge_events += sum(day <= self._end for day in infection.hospital_onset_days(stay))

    def _add_days(self, stay: StayPlan) -> None:
        """Add census days and hospital-onset events to the years in which they occur."""
        day, last = stay.admission_day, length_of_stay.census_end(stay, self._end)
        while day < last:
            next_year = date(year_of(day) + 1, 1, 1).toordinal()
            self._cell(stay, day).patient_days += min(last, next_year) - day
            day = next_year
        for event in infection.hospital_onset_days(stay):
            self._cell(stay, event).day_events += 1

    def _strata(self) -> dict[tuple[str, str], Cell]:
        strata: dict[tuple[str, str], Cell] = {}
        for (hospital, year), cell in sorted(self._cells.items()):
            for key in (
                ("all", "all"),
                ("hospital", hospital),
                ("year", str(year)),
                ("hospital_year", f"{hospital}|{year}"),
            ):
                strata.setdefault(key, Cell()).add(cell)
        return dict(sorted(strata.items()))


def _measures(cell: Cell) -> Iterator[tuple[str, float | None, int, float]]:
    """Yield (measure, numerator, denominator, rate) of all measures with a denominator."""
    for measure in BINARY:
        events, stays = cell.numerators[measure], cell.denominators[measure]
        if stays:
            yield measure, events, stays, events / stays
    stays = cell.billing.total()
    if stays:
        rate = cell.discharge_events / stays * _PER_DISCHARGES
        yield "infection_per_100_discharges", cell.discharge_events, stays, rate
    if cell.patient_days:
        rate = cell.day_events / cell.patient_days * _PER_PATIENT_DAYS
        yield "infection_per_1000_patient_days", cell.day_events, cell.patient_days, rate
    if stays:
        yield from _lengths(cell, stays)


def _lengths(cell: Cell, stays: int) -> Iterator[tuple[str, float | None, int, float]]:
    days = sum(length * count for length, count in cell.billing.items())
    fractional = cell.minutes / MINUTES_PER_DAY
    logs = sum(log(length) * count for length, count in sorted(cell.billing.items()))
    yield "length_of_stay_billing", days, stays, days / stays
    yield "length_of_stay_midnights", cell.midnights, stays, cell.midnights / stays
    yield "length_of_stay_fractional", fractional, stays, fractional / stays
    yield "length_of_stay_median", None, stays, median(cell.billing)
    yield "length_of_stay_geometric_mean", None, stays, exp(logs / stays)


def median(counts: Counter[int]) -> float:
    """Return the median of values given as value -> count; the mean of the middle two for an even count."""
    middle = counts.total() - 1
    return (_nth(counts, middle // 2) + _nth(counts, (middle + 1) // 2)) / 2


def _nth(counts: Counter[int], position: int) -> int:
    for value in sorted(counts):
        position -= counts[value]
        if position < 0:
            return value
    raise IndexError(position)
