"""silver.organization: the names of hospitals, joined only when showing."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from metriccare.definitions.schemas import FHIR_ORGANIZATION, SILVER_ORGANIZATION
from metriccare.definitions.schemas.contract import conform
from metriccare.silver.resource import flags, is_deletion, parsed


def organizations(versions: DataFrame) -> DataFrame:
    """Type the newest Organization versions: one row per organization ever seen."""
    typed = (
        parsed(versions, FHIR_ORGANIZATION)
        .withColumn("is_live", ~is_deletion())
        .withColumn("name", F.col("r.name"))
        .withColumn("quality_flags", flags(name_missing=F.col("r.name").isNull()))
    )
    return conform(typed, SILVER_ORGANIZATION)
