"""Length of stay: midnights, billing days, elapsed time (MEASURES 4.2 to 4.4)."""

import pytest
from pyspark.sql import Row
from pytest import approx
from tests.support.builders import Resource, encounter, story


def stay(start: str, end: str, **facts: str) -> list[Resource]:
    return story(encounter("a", start=start, end=end, **facts))


LENGTHS = {  # midnights, billing days, fraction of days
    "hours": (stay("2025-03-01T08:00:00Z", "2025-03-01T20:00:00Z"), 0, 1, 0.5),
    "nothing": (stay("2025-03-01T08:00:00Z", "2025-03-01T08:00:00Z"), 0, 1, 0.0),
    "over-midnight": (stay("2025-03-01T23:00:00Z", "2025-03-02T01:00:00Z"), 1, 1, 2 / 24),
    "two-nights": (stay("2025-03-01T08:00:00Z", "2025-03-03T08:00:00Z"), 2, 2, 2.0),
    "leap-day": (stay("2024-02-28T08:00:00Z", "2024-03-01T08:00:00Z"), 2, 2, 2.0),
    "summer-time": (stay("2025-03-08T12:00:00-05:00", "2025-03-09T12:00:00-04:00"), 1, 1, 23 / 24),
    "summer-time-ends": (stay("2022-11-06T01:52:00-04:00", "2022-11-06T01:07:00-05:00"), 0, 1, 15 / 1440),
    "as-written": (stay("2025-03-01T23:00:00-05:00", "2025-03-02T23:00:00-05:00"), 1, 1, 1.0),
    "long": (stay("2024-01-01T08:00:00Z", "2025-12-31T08:00:00Z"), 730, 730, 730.0),
    "in-rehabilitation": (stay("2025-03-01T08:00:00Z", "2025-03-03T20:00:00Z", kind="NONAC"), 2, 2, 2.5),
    "to-death": (stay("2025-03-01T08:00:00Z", "2025-03-03T20:00:00Z", disposition="exp"), 2, 2, 2.5),
}
WITHOUT_TIMES = {
    "dates": stay("2025-03-01", "2025-03-05"),
    "start-date": stay("2025-03-01", "2025-03-05T08:00:00Z"),
    "end-date": stay("2025-03-01T08:00:00Z", "2025-03-05"),
}
STORIES = {
    **{f"length-{name}": told for name, (told, *_) in LENGTHS.items()},
    **{f"length-{name}": told for name, told in WITHOUT_TIMES.items()},
}


@pytest.mark.parametrize("name", LENGTHS)
def test_a_stay_has_midnights_billing_days_and_elapsed_days(decided: dict[str, Row], name: str) -> None:
    row = decided[f"length-{name}.a"]
    _, midnights, billing, fraction = LENGTHS[name]
    assert row.length_of_stay_midnights.value == midnights
    assert row.length_of_stay_billing.value == billing
    assert row.length_of_stay_fractional.value == approx(fraction)


@pytest.mark.parametrize("name", WITHOUT_TIMES)
def test_without_times_of_day_there_is_no_elapsed_time(decided: dict[str, Row], name: str) -> None:
    row = decided[f"length-{name}.a"]
    assert (row.length_of_stay_fractional.denominator, row.length_of_stay_fractional.exclusion) == (
        False,
        "times_unknown",
    )
    assert (row.length_of_stay_midnights.value, row.length_of_stay_billing.value) == (4.0, 4.0)
