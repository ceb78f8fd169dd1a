"""One lake of several seeds, computed once without storage."""

import pytest
from tests.proofs.truth.planted import PATIENTS, SEEDS, Gold, Planted, gold_of, plant
from tests.support.builders import Silver, silver_of


@pytest.fixture(scope="session")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    return plant(tmp_path_factory.mktemp("planted"), SEEDS, PATIENTS)


@pytest.fixture(scope="session")
def typed(planted: Planted) -> Silver:
    return silver_of(planted.records)


@pytest.fixture(scope="session")
def gold(typed: Silver) -> Gold:
    return gold_of(typed)
