"""Stays for the tests of exploration: one row each, of which tests change what they are about."""

from typing import Any

import pandas as pd

from metriccare.reporting.explore.group import with_factors


def fact(**changes: Any) -> dict[str, Any]:
    """Return what is known of one stay, before it is grouped."""
    row = {
        "stay_id": "a",
        "hospital_id": "h1",
        "is_event": False,
        "age": 70.0,
        "sex": "female",
        "diagnosis_system": "s",
        "diagnosis_code": "1",
        "diagnosis_display": "Asthma",
        "admission_date": "2025-03-01",
        "discharge_date": "2025-03-05",
        "disposition_class": "home",
        "chain_position": 1,
        "is_elective": False,
        "emergency_start_date": None,
    }
    return row | changes


def grouped(*rows: dict[str, Any]) -> pd.DataFrame:
    """Return the stays with their factors."""
    frame = pd.DataFrame(list(rows))
    dates = ["admission_date", "discharge_date", "emergency_start_date"]
    frame[dates] = frame[dates].apply(pd.to_datetime)
    return with_factors(frame)


def several(stays: int, events: int, **changes: Any) -> list[dict[str, Any]]:
    """Return so many stays, the first of which have an event."""
    return [fact(is_event=at < events, **changes) for at in range(stays)]
