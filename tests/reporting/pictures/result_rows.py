"""Rows of results for the tests of the pictures."""

from typing import Any

import pandas as pd


def row(
    measure: str, stratum: str, value: str, numerator: float, denominator: float, **over: Any
) -> dict[str, Any]:
    """Return one row of gold.measure_published, of which tests change what they are about."""
    return {
        "measure": measure,
        "profile": "all_adult",
        "as_of": "2025-12-31",
        "stratum": stratum,
        "stratum_value": value,
        "stratum_display": value.title(),
        "numerator": numerator,
        "denominator": denominator,
        "rate": numerator / denominator if denominator else None,
        "expected": None,
        "is_suppressed": False,
        "is_too_few": denominator < 25,
        "is_immature": False,
    } | over


def hidden(measure: str, stratum: str, value: str) -> dict[str, Any]:
    """Return a row whose numbers are suppressed."""
    counts = ("numerator", "denominator", "is_too_few")
    return row(measure, stratum, value, 0, 0, is_suppressed=True) | dict.fromkeys(counts)


def months(measure: str, counts: list[tuple[float, float]], start: str = "2024-01") -> list[dict[str, Any]]:
    """Return one row per month from `start` on, of numerators and denominators."""
    names = pd.period_range(start, periods=len(counts), freq="M").astype(str)
    return [row(measure, "month", name, *count) for name, count in zip(names, counts, strict=True)]


def texts(figure: Any) -> str:
    """Return everything that is written in a picture."""
    return "\n".join(
        item.get_text() for item in figure.findobj(lambda one: hasattr(one, "get_text")) if item.get_text()
    )


def subtitle(figure: Any) -> str:
    """Return what stands below the title, as one line."""
    return str(figure.texts[1].get_text()).replace("\n", " ")
