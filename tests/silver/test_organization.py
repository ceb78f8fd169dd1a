"""silver.organization: the names of hospitals."""

from pyspark.sql import SparkSession
from tests.support.builders import by_id, organization, records

from metriccare.silver import newest, organizations


def test_an_organization_has_a_name_or_a_flag(spark: SparkSession) -> None:
    nameless = {"resourceType": "Organization", "id": "H2"}
    found = by_id(
        organizations(newest(records(spark, organization("H1", "First"), nameless), "Organization"))
    )
    assert (found["H1"].name, found["H1"].quality_flags, found["H1"].is_live) == ("First", [], True)
    assert (found["H2"].name, found["H2"].quality_flags) == (None, ["name_missing"])
