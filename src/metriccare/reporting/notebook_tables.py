"""Tables for notebooks: the measures, and the excluded stays by reason."""

from collections import Counter
from collections.abc import Iterable, Sequence
from math import nan

import pandas as pd

from metriccare.definitions import strata
from metriccare.definitions.measures import MEASURES, place_of, title_of
from metriccare.reporting.terminal_tables import format_rate
from metriccare.reporting.wording import words

HIDDEN = "hidden: the counts by reason are suppressed because small cells could be calculated from them"
EXPLAINED = [name for name, measure in MEASURES.items() if measure.is_explained]


def measure_table(results: pd.DataFrame, stratum: str = strata.ALL) -> pd.DataFrame:
    """Return one line per measure (and stratum value): numerator, denominator, rate with its 95 % interval.

    Args:
        results: rows of gold.measure_published or gold.measure_result.
        stratum: which rows, e.g. `all` or `hospital`.
    """
    rows = results[results["stratum"] == stratum].copy()
    rows["place"] = rows["measure"].map(place_of)
    ordered = rows.sort_values(["place", "stratum_value"]).astype(object).replace({nan: None})
    lines = [
        {
            "Measure": title_of(row["measure"]),
            **({} if stratum == strata.ALL else {strata.title_of(stratum): row["stratum_display"]}),
            "Count": _number(row["numerator"]),
            "Out of": _number(row["denominator"]),
            "Rate (95 % interval)": "suppressed" if row["is_suppressed"] else format_rate(row),
        }
        for row in ({str(name): value for name, value in one.items()} for one in ordered.to_dict("records"))
    ]
    return pd.DataFrame(lines).set_index("Measure").rename_axis(None)


def exclusion_table(results: pd.DataFrame) -> pd.DataFrame:
    """Return the excluded stays, one line per reason in words, one column per measure that counts stays.

    A measure whose counts are suppressed has empty cells; if all are suppressed, one line says so.

    Args:
        results: rows of gold.measure_published or gold.measure_result of one profile.
    """
    rows = results[(results["stratum"] == strata.ALL) & results["measure"].isin(EXPLAINED)]
    rows = rows.sort_values("measure", key=lambda names: names.map(place_of))
    counts = dict(zip(rows["measure"].map(title_of), rows["excluded"], strict=True))
    shown = {name: dict(excluded) for name, excluded in counts.items() if excluded is not None}
    if not shown:
        return pd.DataFrame("", index=[HIDDEN], columns=list(counts))
    reasons = _by_frequency(shown.values())
    cells = {name: _cells(shown.get(name), reasons) for name in counts}
    return pd.DataFrame(cells, index=[words("reason", reason) for reason in reasons])


def _by_frequency(excluded: Iterable[dict[str, int]]) -> list[str]:
    total: Counter[str] = Counter()
    for one in excluded:
        total.update(one)
    return sorted(total, key=lambda reason: (-total[reason], reason))


def _cells(excluded: dict[str, int] | None, reasons: Sequence[str]) -> list[str]:
    return ["" if excluded is None else f"{excluded.get(reason, 0):,}" for reason in reasons]


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}"
