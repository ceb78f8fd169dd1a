"""What all silver resources share: the newest version of each, its place of origin, its flags."""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from metriccare.fhir.dates import instant

KEY = ("source", "id")
DELETE = "DELETE"
_STAMP = "yyyy-MM-dd'T'HH:mm:ss.SSSSSS"


def version_order() -> Column:
    """Return one text that sorts the versions of a resource, the same whatever order they arrive in.

    `meta.lastUpdated`, else the time the delivery was first received; then the numeric `versionId`; then the
    body's hash (docs/contracts.md#version-order).
    """
    stamp = F.date_format(F.coalesce(instant(F.col("last_updated")), F.col("received_at")), _STAMP)
    number = F.when(F.col("version_id").rlike(r"^\d{1,20}$"), F.col("version_id")).otherwise(F.lit("0"))
    return F.concat_ws("|", stamp, F.lpad(number, 20, "0"), F.col("body_sha256"))


def newest(records: DataFrame, resource_type: str) -> DataFrame:
    """Return the newest version of every resource of one type, still unparsed.

    Args:
        records: rows of bronze.record.
        resource_type: a FHIR resource type.

    Returns:
        One row per `source`, `id`, with `version_order` and bronze's columns.
    """
    accepted = records.filter(F.col("resource_type") == resource_type)
    versions = accepted.withColumnRenamed("resource_id", "id").withColumn("version_order", version_order())
    latest_first = Window.partitionBy(*KEY).orderBy(F.desc("version_order"))
    ranked = _first_arrivals(versions).withColumn("_rank", F.row_number().over(latest_first))
    return ranked.filter(F.col("_rank") == 1).drop("_rank")


def _first_arrivals(versions: DataFrame) -> DataFrame:
    """Keep of each body of a resource the one that came first: a body that is known already changes nothing.

    The stamp belongs to it: two deletions at different times have the same body.
    """
    body = F.struct("body_sha256", "last_updated")
    same_together = Window.partitionBy(*KEY).orderBy(body, "received_at", "file_version", "position")
    marked = versions.withColumn("_is_repeat", F.lag(body).over(same_together).eqNullSafe(body))
    return marked.filter(~F.col("_is_repeat")).drop("_is_repeat")


def parsed(versions: DataFrame, schema: str) -> DataFrame:
    """Add the struct `r` with the fields of `schema` that the resource holds."""
    text = F.coalesce("resource", "body")
    return versions.withColumn("r", F.from_json(text, schema)).drop("resource", "body", "bundle")


def is_deletion() -> Column:
    """True for the version of a resource that says it was deleted; there must be the struct `r`."""
    return F.coalesce(F.col("r.request.method") == DELETE, F.lit(False))


def flags(**conditions: Column) -> Column:
    """Return the names of the conditions that hold, as the list `quality_flags`; a deletion lacks nothing.

    To those given comes `stamp_unreadable`: then the time of receipt orders the version.
    """
    conditions["stamp_unreadable"] = (
        F.col("last_updated").isNotNull() & instant(F.col("last_updated")).isNull()
    )
    named = [F.when(holds & ~is_deletion(), F.lit(name)) for name, holds in conditions.items()]
    return F.filter(F.array(*named), lambda name: name.isNotNull())
