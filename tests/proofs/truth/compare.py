"""What the pipeline found against what was planted, stay by stay and number by number."""

from collections.abc import Iterator
from datetime import date
from math import isclose
from typing import Any

from tests.support.tables import Rows

from metriccare.reporting.why.decision import reason_at

PROPORTIONS = (
    "readmission_30_day",
    "readmission_30_day_unplanned",
    "mortality_in_hospital",
    "mortality_30_day",
)
LENGTHS = {
    "length_of_stay_billing": "billing",
    "length_of_stay_midnights": "midnights",
    "length_of_stay_fractional": "fractional",
}
STRATA = ("all", "hospital", "year", "hospital_year")
ALL_ADULT = "profile = 'all_adult'"  # what the truth is told of
Facts = dict[str, Any]


def found_stays(decisions: Rows, as_of: date) -> dict[tuple[str, str], Facts]:
    """Return per (source, stay) the decision on each measure at `as_of`, by the names of the truth."""
    rows = decisions.filter(ALL_ADULT).table.to_pylist()
    return {(row["source"], row["stay_id"]): row | _seen(row, as_of) for row in rows}


def _seen(row: Facts, as_of: date) -> Facts:
    return {name: _seen_of(row, name, as_of) for name in (*PROPORTIONS, "infection", *LENGTHS)}


def _seen_of(row: Facts, name: str, as_of: date) -> Facts:
    decision, reason = row[name], reason_at(row, name, as_of)
    event_on = decision["event_on"]
    counts = reason is None and decision["numerator"] and event_on is not None and event_on <= as_of
    return {"exclusion": reason, "numerator": counts, "value": decision["value"]}


def different_stays(
    decisions: Rows, truth: dict[str, Facts], as_of: date
) -> list[tuple[str, str, str, object, object]]:
    """Return (source, stay, what, found, planted) for everything that differs."""
    found = found_stays(decisions, as_of)
    planted = {(source, stay["id"]): stay for source, one in truth.items() for stay in one["stays"]}
    unknown = [(*key, "stay", "found", "not planted") for key in found.keys() - planted.keys()]
    missing = [(*key, "stay", "not found", "planted") for key in planted.keys() - found.keys()]
    differing = [
        (*key, what, mine, theirs)
        for key in found.keys() & planted.keys()
        for what, mine, theirs in _facts(found[key], planted[key])
        if mine != theirs
    ]
    return [*unknown, *missing, *differing]


def _facts(found: Facts, planted: Facts) -> Iterator[tuple[str, object, object]]:
    for name in ("hospital_id", "admission_date", "discharge_date"):
        yield name, None if found[name] is None else str(found[name]), planted[name]
    for name in PROPORTIONS:
        label = planted[name]
        yield f"{name} exclusion", found[name]["exclusion"], label["exclusion"]
        yield f"{name} numerator", bool(found[name]["numerator"]), label["numerator"]
    yield "infection exclusion", found["infection"]["exclusion"], planted["infection"]["exclusion"]
    for name, unit in LENGTHS.items():
        label = planted["length_of_stay"]
        yield f"{name} exclusion", found[name]["exclusion"], label["exclusion"]
        if label["denominator"]:
            yield name, round(found[name]["value"], 6), round(label[unit], 6)


def different_events(events: Rows, truth: dict[str, Facts]) -> set[tuple[object, ...]]:
    """Return the infections on which the pipeline and the truth do not agree.

    A condition that was entered in error is no row of the pipeline and "not confirmed" in the truth.
    """
    names = ("source", "stay_id", "condition_id", "type", "hospital_day", "decision")
    found = {
        tuple(row[name] for name in names)
        for row in events.filter(f"{ALL_ADULT} and decision != 'not_confirmed'").collect()
    }
    planted = {
        (source, stay["id"], *(event[name] for name in names[2:]))
        for source, one in truth.items()
        for stay in one["stays"]
        for event in stay["infection"]["events"]
        if event["decision"] != "not_confirmed"
    }
    return found ^ planted


def different_results(results: Rows, truth: Facts) -> list[tuple[object, ...]]:
    """Return (key, column, found, planted) for every number that differs, and every row only one side has."""
    rows = results.filter(ALL_ADULT).table.to_pylist()
    return different_rows(rows, truth)


def different_rows(results: list[Facts], truth: Facts) -> list[tuple[object, ...]]:
    """Do the same with plain rows of gold.measure_result."""
    rows = [
        row
        for row in results
        if row["profile"] == "all_adult" and row["stratum"] in STRATA and (row["denominator"] or 0) > 0
    ]
    known = {row["measure"] for row in truth["results"]}
    found = {
        (row["measure"], row["stratum"], row["stratum_value"]): row for row in rows if row["measure"] in known
    }
    planted = {(row["measure"], row["stratum"], row["stratum_value"]): row for row in truth["results"]}
    alone = [(key, "row", key in found, key in planted) for key in found.keys() ^ planted.keys()]
    differing = [
        (key, column, found[key][column], planted[key][column])
        for key in found.keys() & planted.keys()
        for column in ("numerator", "denominator", "rate")
        if not _same(found[key][column], planted[key][column])
    ]
    return [*alone, *differing]


def _same(found: float | None, planted: float | None) -> bool:
    if found is None or planted is None:
        return found is planted
    return isclose(found, planted, rel_tol=1e-9)
