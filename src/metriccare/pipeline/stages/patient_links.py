"""Which patients of a lake are one with others."""

import pyarrow as pa
from pyspark.sql import functions as F

from metriccare import silver
from metriccare.definitions.tables import PATIENT
from metriccare.lake.tables import SparkLake


def links_of(lake: SparkLake) -> pa.Table:
    """Return `silver.survivors` of silver.patient as it is now."""
    linked = lake.read(PATIENT).filter(F.col("is_live") & F.col("replaced_by_id").isNotNull())
    rows = linked.select("source", "id", "is_live", "replaced_by_id").collect()
    return silver.survivors(pa.Table.from_pylist([row.asDict() for row in rows], silver.LINKED))
