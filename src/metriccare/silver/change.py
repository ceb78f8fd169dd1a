"""What new records change: the resources that get another newest version, and the patients whose stays they touch."""

from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from metriccare.fhir.dates import instant
from metriccare.silver.resource import KEY, newest

PATIENT_KEY = ("source", "patient_id")


def is_unstamped() -> Column:
    """True for a record that carries no usable `meta.lastUpdated`: the time of its first receipt orders it."""
    return instant(F.col("last_updated")).isNull()


def newest_versions(
    new: DataFrame, known: DataFrame, resource_type: str, *, has_unstamped: bool
) -> DataFrame:
    """Return the newest version of every resource of one type that new records speak of.

    A stamped record competes by its own stamp. An unstamped one by the first receipt of its body, which may lie
    in an earlier delivery: all versions of such a resource are looked at again.

    Args:
        new: rows of bronze.record that silver has not seen.
        known: all rows of bronze.record, the new ones included.
        resource_type: a FHIR resource type.
        has_unstamped: whether any of the new ones of this type is unstamped.

    Returns:
        As `silver.newest`, with `is_of_all`, true where all versions of the resource were looked at. Whether it is
        newer than what silver holds is not looked at.
    """
    of_new, of_all = F.lit(False).alias("is_of_all"), F.lit(True).alias("is_of_all")
    if not has_unstamped:
        return newest(new, resource_type).select("*", of_new)
    resource = ["source", "resource_id"]
    of_type = F.col("resource_type") == resource_type
    again = new.filter(of_type & is_unstamped()).select(*resource).distinct()
    stamped = new.join(again, resource, how="left_anti")
    all_versions = known.filter(of_type).join(F.broadcast(again), resource, how="left_semi")
    return (
        newest(stamped, resource_type)
        .select("*", of_new)
        .unionByName(newest(all_versions, resource_type).select("*", of_all))
    )


def changed_versions(versions: DataFrame, current: DataFrame) -> DataFrame:
    """Keep the versions that silver has to take: newer than its own, or of a resource that it does not know.

    Where all versions were looked at, also an older one: a delivery that was received early and read late can set
    back the first receipt of an unstamped body.

    Args:
        versions: of `newest_versions`.
        current: the silver table of that resource type.
    """
    held = of_keys(current, versions).select(*KEY, F.col("version_order").alias("_held"))
    joined = versions.join(held, list(KEY), how="left")
    is_newer = F.col("_held").isNull() | (F.col("version_order") > F.col("_held"))
    is_other = F.col("is_of_all") & (F.col("version_order") != F.col("_held"))
    return joined.filter(is_newer | is_other).drop("_held", "is_of_all")


def of_keys(rows: DataFrame, wanted: DataFrame) -> DataFrame:
    """Keep the rows whose source and id are among the wanted ones."""
    return rows.join(F.broadcast(wanted.select(*KEY)), list(KEY), how="left_semi")


def touched_patients(changed: dict[str, DataFrame], current: dict[str, DataFrame]) -> DataFrame:
    """Return the patients that the changed resources name now or named before (`source`, `patient_id`, distinct).

    Patients that are merged with them are not among them yet, see `with_relatives`. Null stands for nobody.

    Args:
        changed: the changed rows of silver by resource type, typed.
        current: the silver tables before the change.
    """
    named = [
        rows.select("source", F.col("id").alias("patient_id")) if kind == "Patient" else _named(rows, current)
        for kind, rows in _with_former(changed, current)
    ]
    return reduce(DataFrame.unionByName, named).distinct()


def _with_former(changed: dict[str, DataFrame], current: dict[str, DataFrame]) -> list[tuple[str, DataFrame]]:
    """Return what changed as it is now and as it was."""
    kinds = [kind for kind in ("Patient", "Encounter", "Condition") if kind in changed]
    former = [(kind, of_keys(current[kind], changed[kind])) for kind in kinds]
    return [*((kind, changed[kind]) for kind in kinds), *former]


def _named(rows: DataFrame, current: dict[str, DataFrame]) -> DataFrame:
    """Return the patients; a condition without one is of the patient of the encounter it names."""
    if "encounter_id" not in rows.columns:
        return rows.select(*PATIENT_KEY)
    lost = rows.filter(F.col("patient_id").isNull() & F.col("encounter_id").isNotNull())
    named = lost.select("source", F.col("encounter_id").alias("id")).distinct()
    by_encounter = of_keys(current["Encounter"], named).select(*PATIENT_KEY)
    return rows.filter(F.col("patient_id").isNotNull()).select(*PATIENT_KEY).unionByName(by_encounter)


def with_relatives(touched: DataFrame, survivors: list[DataFrame | None]) -> DataFrame:
    """Add all patients who are, or were before the change, one with a touched one.

    Args:
        touched: `source`, `patient_id`.
        survivors: `silver.survivors` before and after the change.
    """
    known = [links for links in survivors if links is not None]
    if not known:
        return touched
    pairs = reduce(DataFrame.unionByName, known).select(*PATIENT_KEY, "survivor_id").distinct()
    own = touched.join(pairs, list(PATIENT_KEY), how="inner").select("source", "survivor_id")
    roots = own.unionByName(touched.withColumnRenamed("patient_id", "survivor_id"))
    members = pairs.join(roots.distinct(), ["source", "survivor_id"], how="left_semi").select(*PATIENT_KEY)
    return members.unionByName(roots.withColumnRenamed("survivor_id", "patient_id")).distinct()
