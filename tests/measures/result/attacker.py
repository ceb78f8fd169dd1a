"""Somebody who knows everything published and every rule by which it was counted, and wants a hidden number.

He writes down one unknown for each number of the publication, the sums and equalities that hold between them, that no
count is negative, and that a part is not more than its whole. What linear programming then finds to have only one
possible value is disclosed. (That includes all of linear algebra, and that the parts of a known zero are zero.)

Nothing of this comes from the suppression: the rules are written down a second time, row by row.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from metriccare.definitions import value_sets
from metriccare.measures.result.suppression import Cell

Unknown = tuple[str, ...]
Sum = dict[Unknown, float]

PROPORTIONS = (
    "readmission_30_day",
    "readmission_30_day_unplanned",
    "readmission_planned_status_unknown",
    "mortality_in_hospital",
    "mortality_30_day",
)
INFECTIONS = ("infection_per_100_discharges", "infection_per_1000_patient_days")
NOT_STAYS = (INFECTIONS[1], "readmission_planned_status_unknown")
BILLING, MIDNIGHTS = "length_of_stay_billing", "length_of_stay_midnights"
SAME_CASES = (
    (BILLING, MIDNIGHTS),
    (BILLING, "length_of_stay_median"),
    (BILLING, "length_of_stay_geometric_mean"),
    (BILLING, INFECTIONS[0]),
    ("readmission_30_day", "readmission_30_day_unplanned"),
)
DRAWN_GOALS = 6
TOLERANCE = 1e-4
PERIODS = ("month", "year", "hospital_year")
BY_INFECTION = ("infection_type", "code")
TYPES = {row.code: row.category for row in value_sets.load("infection")}


class Attacker:
    """What is known about one publication, as equations and inequalities over its numbers."""

    def __init__(self, cells: Sequence[Cell], hidden: Iterable[int], hidden_maps: Iterable[int]) -> None:
        self.cells = cells
        self.truth = dict(_truth(cells))
        self.by_place = _by_place(self.truth)
        self.equal = [*self._sums(), *self._shared(), *self._excluded()]
        self.parts = list(self._nested())
        self.survivors = list(self._survivors())
        self.known = dict(self._shown(set(hidden), set(hidden_maps)))

    def small(self) -> dict[str, Sum]:
        """Return every number that must not be known, as a sum of unknowns: counts of 1 to 10, and their days."""
        counts = {str(one): ({one: 1.0}, self.truth[counted]) for one, counted in self._counted()}
        rests = {
            f"{part} within {whole}": ({whole: 1.0, part: -1.0}, self._people(whole, part))
            for whole, part, is_protected in self.parts
            if is_protected and self.truth[whole] > self.truth[part]
        }
        return {name: one for name, (one, count) in (counts | rests).items() if 1 <= round(count, 6) <= 10}

    def _people(self, whole: Unknown, part: Unknown) -> float:
        """Return how many people a difference is about."""
        if (
            whole[:2] == ("cases", INFECTIONS[1]) and part[0] == "events"
        ):  # the days of those who are still there
            return self.truth.get(("out", BILLING, *whole[2:], "not_finished"), 0.0)
        return self.truth[whole] - self.truth[part]

    def recomputed(self, at_most: int = 3) -> list[str]:
        """Return some of the small numbers that have only one possible value.

        Each solution for a goal drawn at random clears the numbers that differ in it from the truth; those that are
        left are looked at one by one.
        """
        draw = np.random.default_rng(0)
        suspects, program = self.small(), _Program(self)
        for _ in range(DRAWN_GOALS):
            if not suspects:
                return []
            goal = {name: float(draw.normal()) for name in suspects}
            suspects = self._unchanged(suspects, program.solve(goal, suspects))
        fixed: list[str] = []
        for name, one in sorted(suspects.items()):
            both = (program.solve({name: sign}, {name: one}) for sign in (1.0, -1.0))
            if all(self._unchanged({name: one}, solution) for solution in both):
                fixed.append(name)
            if len(fixed) == at_most:
                break
        return fixed

    def _unchanged(self, sums: Mapping[str, Sum], solution: Mapping[Unknown, float]) -> dict[str, Sum]:
        return {
            name: one
            for name, one in sums.items()
            if abs(_value(one, solution) - _value(one, self.truth)) < TOLERANCE
        }

    def _shown(self, hidden: set[int], hidden_maps: set[int]) -> Iterator[tuple[Unknown, float]]:
        for index, cell in enumerate(self.cells):
            key = (cell.measure, cell.profile, cell.stratum, cell.value)
            if index not in hidden:
                names = [("cases", *key), ("events", *key)]
                yield from ((name, self.truth[name]) for name in names if name in self.truth)
            if (
                index not in hidden_maps
                and cell.measure not in NOT_STAYS
                and cell.stratum not in BY_INFECTION
            ):
                yield ("stays", cell.stratum, cell.value), self.truth["stays", cell.stratum, cell.value]
                reasons = [one for one in self.truth if one[0] == "out" and one[1:5] == key]
                yield from ((one, self.truth[one]) for one in reasons)

    def _sums(self) -> Iterator[Sum]:
        """The strata add up, for every count of every measure, and so do all stays and each reason."""
        for (name, *_), places in self.by_place.items():
            yield from _stratum_sums(places, is_dated=name not in ("stays", "out"))
        places = self.by_place["stays",]
        for hospital in [value for stratum, value in places if stratum == "hospital"]:
            years = [one for (stratum, value), one in places.items() if stratum == "hospital_year"]
            own = [one for one in years if one[-1].rpartition("|")[0] == hospital]
            undated = ("undated", hospital)
            yield {places["hospital", hospital]: 1.0, undated: -1.0} | dict.fromkeys(own, -1.0)

    def _shared(self) -> Iterator[Sum]:
        """Several measures have the same denominator; types and codes have that of the whole."""
        for key in [one for one in self.truth if one[0] == "cases"]:
            _, measure, profile, stratum, value = key
            for first, second in SAME_CASES:
                other = ("cases", first, profile, stratum, value)
                if measure == second and other in self.truth:
                    yield {key: 1.0, other: -1.0}
            if stratum in BY_INFECTION:
                yield {key: 1.0, ("cases", measure, profile, "all", "all"): -1.0}
            if measure == "readmission_planned_status_unknown":
                yield {key: 1.0, ("events", "readmission_30_day", profile, stratum, value): -1.0}

    def _excluded(self) -> Iterator[Sum]:
        """Denominator and excluded are all stays; what every measure leaves out is the same in all of them."""
        reasons = defaultdict(list)
        for one in self.truth:
            if one[0] == "out":
                reasons[one[1:5]].append(one)
        for measure, profile, stratum, value in [one[1:] for one in self.truth if one[0] == "cases"]:
            if measure in NOT_STAYS or stratum in BY_INFECTION:
                continue
            key = (measure, profile, stratum, value)
            out = reasons[key]
            yield {("stays", stratum, value): -1.0, ("cases", *key): 1.0} | dict.fromkeys(out, 1.0)
            billing = (BILLING, profile, stratum, value)
            for one in out:
                other = ("out", *billing, one[-1])
                if measure != BILLING and other in self.truth:
                    yield {one: 1.0, other: -1.0}

    def _nested(self) -> Iterator[tuple[Unknown, Unknown, bool]]:
        """Whole and part, and whether their difference is protected."""
        for kind, *rest in [one for one in self.truth if one[0] in ("cases", "events")]:
            measure, profile, *place = rest
            part = (kind, *rest)
            wholes: list[tuple[Unknown, bool]] = []
            if kind == "events" and measure in PROPORTIONS:
                wholes.append((("cases", *rest), True))
            if kind == "events" and measure == "readmission_30_day_unplanned":
                wholes.append((("events", "readmission_30_day", profile, *place), True))
            if kind == "cases" and measure not in (*NOT_STAYS, BILLING) and place[0] not in BY_INFECTION:
                wholes.append((("cases", BILLING, profile, *place), True))
            if kind == "cases" and measure not in NOT_STAYS and place[0] not in BY_INFECTION:
                wholes.append((("stays", *place), True))
            if kind == "events" and measure == MIDNIGHTS:  # the difference are the stays of one day
                wholes.append((("events", BILLING, profile, *place), True))
                if place[0] not in PERIODS:
                    wholes.append((("cases", INFECTIONS[1], profile, *place), True))
            if kind == "events" and measure == INFECTIONS[0] and place[0] not in PERIODS:
                wholes.append((("events", INFECTIONS[1], profile, *place), False))
            if profile == "cms_like":
                is_days = kind == "events" and measure.startswith("length")
                is_census = kind == "cases" and measure == INFECTIONS[1]
                wholes.append(((kind, measure, "all_adult", *place), not (is_days or is_census)))
            if profile == "all_adult" and kind == "cases" and measure == BILLING:
                wholes.append((("cases", BILLING, "simple", *place), True))
            yield from ((whole, part, flag) for whole, flag in wholes if whole in self.truth)

    def _survivors(self) -> Iterator[Sum]:
        """In `simple` readmission counts who did not die in hospital: with the deaths, not more than all cases."""
        for one in self.truth:
            if one[:3] == ("cases", "readmission_30_day", "simple"):
                deaths, cases = ("events", "mortality_in_hospital", *one[2:]), ("cases", BILLING, *one[2:])
                yield {one: 1.0, deaths: 1.0, cases: -1.0}

    def _counted(self) -> Iterator[tuple[Unknown, Unknown]]:
        """Yield each number with the count of people that it is the number of."""
        for one in self.truth:
            kind, measure, *rest = one
            counted = one
            if kind == "events" and measure.startswith("length"):
                counted = ("cases", measure, *rest)
            if kind == "cases" and measure == INFECTIONS[1]:
                counted = ("cases", BILLING, *rest)
            if kind in ("cases", "events", "out") and counted in self.truth:
                yield one, counted


class _Program:
    """The linear programme of one attacker."""

    def __init__(self, attacker: Attacker) -> None:
        self.attacker = attacker
        names = {*attacker.truth, *(one for row in attacker.equal for one in row)}
        self.index = {name: at for at, name in enumerate(sorted(names))}
        self.equal = self._matrix(attacker.equal)
        parts: list[Sum] = [{part: 1.0, whole: -1.0} for whole, part, _ in attacker.parts]
        self.upper = self._matrix([*parts, *attacker.survivors])
        self.bounds = [
            (attacker.known[name],) * 2 if name in attacker.known else (0, None) for name in self.index
        ]

    def _matrix(self, rows: Sequence[Sum]) -> Any:
        entries = [(at, self.index[name], by) for at, row in enumerate(rows) for name, by in row.items()]
        at, column, by = zip(*entries, strict=True)
        return csr_matrix((by, (at, column)), shape=(len(rows), len(self.index)))

    def solve(self, goal: Mapping[str, float], sums: Mapping[str, Sum]) -> dict[Unknown, float]:
        objective = np.zeros(len(self.index))
        for name, weight in goal.items():
            for unknown, by in sums[name].items():
                objective[self.index[unknown]] += weight * by
        bounds = [(low, 1e5 if high is None else high) for low, high in self.bounds]
        found = linprog(
            objective,
            A_ub=self.upper,
            b_ub=np.zeros(self.upper.shape[0]),
            A_eq=self.equal,
            b_eq=np.zeros(self.equal.shape[0]),
            bounds=bounds,
        )
        assert found.status == 0, f"The attacker's rules contradict what is published: {found.message}"
        return {name: float(found.x[at]) for name, at in self.index.items()}


def _value(one: Sum, values: Mapping[Unknown, float]) -> float:
    return sum(by * values[name] for name, by in one.items())


def _truth(cells: Sequence[Cell]) -> Iterator[tuple[Unknown, float]]:
    reasons: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for cell in cells:
        reasons[cell.measure, cell.profile] |= set(cell.excluded)
    for cell in cells:
        key = (cell.measure, cell.profile, cell.stratum, cell.value)
        yield ("cases", *key), float(cell.denominator or 0.0)
        if cell.numerator is not None:
            yield ("events", *key), cell.numerator
        if cell.measure not in NOT_STAYS and cell.stratum not in BY_INFECTION:
            yield (
                ("stays", cell.stratum, cell.value),
                float(cell.denominator or 0.0) + sum(cell.excluded.values()),
            )
            for reason in reasons[cell.measure, cell.profile]:
                yield ("out", *key, reason), float(cell.excluded.get(reason, 0))


def _by_place(truth: Mapping[Unknown, float]) -> dict[Unknown, dict[tuple[str, str], Unknown]]:
    """Return by count (without its place) the unknowns by place."""
    found: defaultdict[Unknown, dict[tuple[str, str], Unknown]] = defaultdict(dict)
    for one in truth:
        at = 1 if one[0] == "stays" else 3
        found[(*one[:at], *one[at + 2 :])][one[at], one[at + 1]] = one
    return dict(found)


def _stratum_sums(places: Mapping[tuple[str, str], Unknown], is_dated: bool) -> Iterator[Sum]:
    by_stratum: defaultdict[str, dict[str, Unknown]] = defaultdict(dict)
    for (stratum, value), one in places.items():
        by_stratum[stratum][value] = one
    whole = by_stratum["all"].get("all")
    is_cases = any(one[0] == "cases" for one in places.values())
    dated = ("year", "month", "hospital_year") if is_dated else ()
    by_type = () if is_cases else BY_INFECTION
    for stratum in ("hospital", *dated, *by_type):
        if whole and by_stratum[stratum]:
            yield {whole: 1.0} | dict.fromkeys(by_stratum[stratum].values(), -1.0)
    for year, one in by_stratum["year"].items():
        for stratum, is_of in (
            ("month", lambda value: value[:4]),
            ("hospital_year", lambda value: value[-4:]),
        ):
            yield {one: 1.0} | {
                part: -1.0 for value, part in by_stratum[stratum].items() if is_of(value) == year
            }
    if is_dated and by_stratum["hospital_year"]:
        for hospital, one in by_stratum["hospital"].items():
            years = by_stratum["hospital_year"].items()
            yield {one: 1.0} | {part: -1.0 for value, part in years if value.rpartition("|")[0] == hospital}
    for name, one in by_stratum["infection_type"].items():
        if not is_cases:
            codes = by_stratum["code"].items()
            yield {one: 1.0} | {part: -1.0 for value, part in codes if TYPES[value] == name}
