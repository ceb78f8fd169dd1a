"""The measures as a table for people, in a notebook."""

from math import nan

import pandas as pd

from metriccare.results import MEASURES
from metriccare.show import format_rate, title

EXPLAINED = (
    "readmission_30_day",
    "mortality_in_hospital",
    "mortality_30_day",
    "infection_per_100_discharges",
    "length_of_stay_billing",
)


def measure_table(results: pd.DataFrame, stratum: str = "all") -> pd.DataFrame:
    """Return one line per measure (and stratum value): count, of how many, rate with its 95 % interval.

    Args:
        results: rows of gold.measure_published or gold.measure_result.
        stratum: which rows, e.g. `all` or `hospital`.
    """
    rows = results[results["stratum"] == stratum].copy()
    rows["place"] = rows["measure"].map({name: place for place, name in enumerate(MEASURES)})
    ordered = rows.sort_values(["place", "stratum_value"]).astype(object).replace({nan: None})
    lines = [
        {
            "Measure": title(row["measure"]),
            **({} if stratum == "all" else {stratum.replace("_", " ").capitalize(): row["stratum_display"]}),
            "Count": _number(row["numerator"]),
            "Of": _number(row["denominator"]),
            "Rate (95 % interval)": "suppressed" if row["is_suppressed"] else format_rate(row),
        }
        for row in ({str(name): value for name, value in one.items()} for one in ordered.to_dict("records"))
    ]
    return pd.DataFrame(lines).set_index("Measure").rename_axis(None)


def exclusion_table(results: pd.DataFrame) -> pd.DataFrame:
    """Return the stays left out, one line per reason, one column per measure that counts stays."""
    rows = results[(results["stratum"] == "all") & results["measure"].isin(EXPLAINED)]
    columns = {title(row["measure"]): dict(row["excluded"] or {}) for _, row in rows.iterrows()}
    table = pd.DataFrame(columns).fillna(0).astype(int)
    table.index = [reason.replace("_", " ") for reason in table.index]
    return table.loc[table.sum(axis=1).sort_values(ascending=False, kind="stable").index]


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}"
