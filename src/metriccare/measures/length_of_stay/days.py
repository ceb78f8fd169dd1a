"""The ways to count the days of a stay (MEASURES 4.2 to 4.4)."""

SECONDS_PER_DAY = 86_400


def midnights(since: str, until: str = "discharge_date") -> str:
    """Return SQL for the difference in calendar days; a same-day stay has 0."""
    return f"{until} - {since}"


def billing_days(since: str, until: str = "discharge_date") -> str:
    """Return SQL for midnights, but at least 1: Medicare counts a same-day stay as one day."""
    return f"greatest(1, {midnights(since, until)})"


def fractional_days(since: str) -> str:
    """Return SQL for the time since an instant, in days; parts of a second do not count."""
    return f"date_diff('second', {since}, discharge_at) / {SECONDS_PER_DAY}"
