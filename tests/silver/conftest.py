"""The rows of the one lake, by id."""

import pytest
from pyspark.sql import Row
from tests.support.builders import Lake, by_id


@pytest.fixture(scope="session")
def stays(lake: Lake) -> dict[str, Row]:
    return by_id(lake.silver.stay)


@pytest.fixture(scope="session")
def encounters(lake: Lake) -> dict[str, Row]:
    return by_id(lake.silver.encounter)


@pytest.fixture(scope="session")
def patients(lake: Lake) -> dict[str, Row]:
    return by_id(lake.silver.patient)


@pytest.fixture(scope="session")
def conditions(lake: Lake) -> dict[str, Row]:
    return by_id(lake.silver.condition)
