"""The rows of the one lake: what each stay counts for, and the decision on each infection."""

import pytest
from pyspark.sql import Row

from builders import Lake, by_id


@pytest.fixture(scope="session")
def decided(lake: Lake) -> dict[str, Row]:
    """Return gold.stay_measure by stay."""
    return by_id(lake.stay_measure, "stay_id")


@pytest.fixture(scope="session")
def infections(lake: Lake) -> dict[str, Row]:
    """Return gold.infection_event by condition."""
    return by_id(lake.events, "condition_id")
