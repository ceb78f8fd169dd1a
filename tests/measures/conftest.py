"""The rows of the one lake: what each stay counts for, and the decision on each infection."""

from collections.abc import Callable

import pytest
from pyspark.sql import Row
from tests.support.builders import Lake, by_id


@pytest.fixture(scope="session")
def all_decided(lake: Lake) -> list[Row]:
    """Return gold.stay_measure of all profiles."""
    return lake.stay_measure.collect()


@pytest.fixture(scope="session")
def decided_by(all_decided: list[Row]) -> Callable[[str], dict[str, Row]]:
    """Return a function that gives one profile's rows by stay."""
    by_profile: dict[str, dict[str, Row]] = {}
    for row in all_decided:
        by_profile.setdefault(row.profile, {})[row.stay_id] = row
    return by_profile.__getitem__


@pytest.fixture(scope="session")
def decided(decided_by: Callable[[str], dict[str, Row]]) -> dict[str, Row]:
    """Return gold.stay_measure of the profile `all_adult` by stay."""
    return decided_by("all_adult")


@pytest.fixture(scope="session")
def infections(lake: Lake) -> dict[str, Row]:
    """Return gold.infection_event by condition."""
    return by_id(lake.events.filter("profile = 'all_adult'"), "condition_id")
