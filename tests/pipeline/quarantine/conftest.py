"""A lake whose bronze was written by an earlier version, which refused what the present one accepts."""

import shutil
from pathlib import Path

import pytest
from pyspark.sql import SparkSession
from tests.pipeline.quarantine.deliveries import Made, make_lakes

from metriccare.settings import Lake


@pytest.fixture(scope="session")
def made(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make_lakes(spark, tmp_path_factory.mktemp("quarantine"))


@pytest.fixture
def lake(made: Made, tmp_path: Path) -> Lake:
    """Return a copy of the late lake that a test may change."""
    shutil.copytree(made.late.root, tmp_path / "lake")
    return Lake(str(tmp_path / "lake"))
