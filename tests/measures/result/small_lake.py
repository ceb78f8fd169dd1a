"""Results of a small lake drawn at random: stays are drawn one by one and counted, so every sum is right.

Nothing here knows the suppression. The rows are what gold.measure_result holds of such stays.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from metriccare.measures.result.suppression import Cell

PROFILES = {"all_adult": 18, "cms_like": 65, "simple": 0}
BILLED = ("length_of_stay_median", "length_of_stay_geometric_mean")
CODES = ("91302008", "76571007", "68566005", "233604007", "186431008")
TYPE = {
    "91302008": "bloodstream",
    "76571007": "bloodstream",
    "68566005": "uti",
    "233604007": "pneumonia",
    "186431008": "cdi",
}


class Shape(NamedTuple):
    """How a lake looks."""

    stays: int = 500
    hospitals: int = 4
    years: int = 2
    months: int = 4
    rarity: float = 1.0
    """What the chances of everything unusual are multiplied with."""
    profiles: tuple[str, ...] = tuple(PROFILES)


def results(seed: int, shape: Shape | None = None) -> list[Cell]:
    """Return the results of one lake."""
    shape = shape or Shape()
    draw = np.random.default_rng(seed)
    counted = _Counted()
    sizes = draw.dirichlet(np.full(shape.hospitals, 0.8))
    for _ in range(shape.stays):
        stay = _stay(draw, shape, sizes)
        for profile in shape.profiles:
            _count(counted, stay, profile)
    return counted.cells()


def _stay(draw: np.random.Generator, shape: Shape, sizes: Any) -> dict[str, Any]:
    def happens(chance: float) -> bool:
        return bool(draw.random() < chance * shape.rarity)

    dated = not happens(0.01)
    year, month = 2024 + int(draw.integers(shape.years)), 1 + int(draw.integers(shape.months))
    days = int(draw.integers(1, 9))
    return {
        "hospital": f"H{draw.choice(len(sizes), p=sizes)}",
        "year": f"{year}" if dated else None,
        "month": f"{year}-{month:02d}" if dated else None,
        "shared": None if dated else "not_finished",
        "age": 10 if happens(0.04) else int(draw.integers(18, 100)),
        "own": {name for name in ("readmission", "mortality_30_day", "died", "no_time") if happens(0.05)},
        "readmitted": happens(0.15),
        "planned": happens(0.2),
        "planned_unknown": happens(0.3),
        "dead_30": happens(0.08),
        "days": days,
        "midnights": days - int(days == 1 and happens(0.5)),
        "goes_on": happens(0.06),
        "open_days": int(draw.integers(1, 40)),
        "there": {"year": f"{year}", "month": f"{year}-{month:02d}"},
        "codes": [code for code in CODES if happens(0.03)],
    }


def _count(counted: "_Counted", stay: dict[str, Any], profile: str) -> None:
    own, is_plain = stay["own"], profile == "simple"
    shared = stay["shared"] or ("too_young" if stay["age"] < PROFILES[profile] else None)
    died = "died" in own
    events = {
        "readmission_30_day": stay["readmitted"],
        "readmission_30_day_unplanned": stay["readmitted"] and not stay["planned"],
    }
    reason = shared or (
        "died" if died else "against_advice" if "readmission" in own and not is_plain else None
    )
    for measure, happened in events.items():
        counted.add(stay, measure, profile, reason, float(happened))
    if reason is None and stay["readmitted"]:
        counted.add(stay, "readmission_planned_status_unknown", profile, None, float(stay["planned_unknown"]))
    too_old = stay["age"] > 94 and profile == "cms_like"
    counted.add(
        stay, "mortality_in_hospital", profile, shared or ("too_old" if too_old else None), float(died)
    )
    late = shared or ("follow_up_incomplete" if "mortality_30_day" in own or too_old else None)
    counted.add(stay, "mortality_30_day", profile, late, float(died or stay["dead_30"]))
    _count_days(counted, stay, profile, shared)


def _count_days(counted: "_Counted", stay: dict[str, Any], profile: str, shared: str | None) -> None:
    no_time = shared or ("no_time" if "no_time" in stay["own"] else None)
    counted.add(stay, "length_of_stay_billing", profile, shared, float(stay["days"]))
    counted.add(stay, "length_of_stay_midnights", profile, shared, float(stay["midnights"]))
    counted.add(stay, "length_of_stay_fractional", profile, no_time, float(stay["days"]))
    counted.add(stay, "infection_per_100_discharges", profile, shared, float(len(stay["codes"])))
    leg = shared or ("not_last_leg" if stay["goes_on"] else None)
    counted.add(stay, "length_of_stay_episode_billing", profile, leg, float(stay["days"]))
    days = "infection_per_1000_patient_days"
    if shared == "not_finished":
        counted.add(stay | stay["there"], days, profile, None, 0.0, float(stay["open_days"]))
    if shared is None:
        counted.add(stay, days, profile, None, float(len(stay["codes"])), float(stay["midnights"]))
        for measure in (days, "infection_per_100_discharges"):
            counted.add_events(stay, measure, profile)


class _Counted:
    """Sums by measure, profile and stratum."""

    def __init__(self) -> None:
        self.numerators: Counter[tuple[str, ...]] = Counter()
        self.denominators: Counter[tuple[str, ...]] = Counter()
        self.excluded: defaultdict[tuple[str, ...], Counter[str]] = defaultdict(Counter)

    def add(
        self,
        stay: dict[str, Any],
        measure: str,
        profile: str,
        reason: str | None,
        value: float,
        weight: float = 1.0,
    ) -> None:
        for place in _places(stay):
            key = (measure, profile, *place)
            self.numerators[key] += value if reason is None else 0.0
            self.denominators[key] += weight if reason is None else 0.0
            if reason:
                self.excluded[key][reason] += 1

    def add_events(self, stay: dict[str, Any], measure: str, profile: str) -> None:
        for code in stay["codes"]:
            self.numerators[measure, profile, "infection_type", TYPE[code]] += 1.0
            self.numerators[measure, profile, "code", code] += 1.0

    def cells(self) -> list[Cell]:
        return [cell for key in sorted(self.numerators) for cell in self._cells(*key)]

    def _cells(self, measure: str, profile: str, stratum: str, value: str) -> Iterator[Cell]:
        key = (measure, profile, stratum, value)
        of_all = (measure, profile, "all", "all")
        is_type = stratum in ("infection_type", "code")
        cases = self.denominators[of_all if is_type else key]
        excluded = dict(self.excluded.get(key, {}))
        yield Cell(*key, self.numerators[key], cases, excluded)
        if measure == "length_of_stay_billing":
            for name in BILLED:
                yield Cell(name, profile, stratum, value, None, cases, excluded)


def _places(stay: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "all", "all"
    yield "hospital", stay["hospital"]
    if stay["year"]:
        yield "month", stay["month"]
        yield "year", stay["year"]
        yield "hospital_year", f"{stay['hospital']}|{stay['year']}"
