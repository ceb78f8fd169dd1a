"""One lake that several deliveries of hundreds of courses have gone through, run by run."""

import pytest
from pyspark.sql import SparkSession
from tests.proofs.incremental.feeding import COURSES, DELIVERIES, QUIET, SEED, Fed, feed


@pytest.fixture(scope="session")
def fed(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Fed:
    return feed(spark, tmp_path_factory.mktemp("incremental"), SEED, COURSES, DELIVERIES, QUIET)
