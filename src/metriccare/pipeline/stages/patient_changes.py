"""silver.patient_change: which patients a commit of silver affects.

Written before the commit that changes them, so that a run that is killed in between cannot forget them; read when the
stays are written, and by gold.
"""

from collections.abc import Mapping

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from metriccare import silver
from metriccare.definitions.tables import PATIENT_CHANGE
from metriccare.lake.tables import SparkLake
from metriccare.pipeline.stage_writer import StageWriter
from metriccare.silver.change import PATIENT_KEY, touched_patients, with_relatives
from metriccare.silver.relatives import Patient

ALL_SCOPE, PATIENT_SCOPE, ORGANIZATION_SCOPE = "all", "patient", "organization"
_ROW = "scope STRING, source STRING, patient_id STRING"


def announce_all(writer: StageWriter) -> None:
    """Announce that every patient may change."""
    _append(writer, writer.spark.createDataFrame([(ALL_SCOPE, None, None)], _ROW))


def announce(writer: StageWriter, changed: Mapping[str, DataFrame], current: Mapping[str, DataFrame]) -> None:
    """Announce the patients that changed resources affect, and the sources whose hospital names change.

    Args:
        writer: of silver.
        changed: the new rows by resource type; types without any are left out.
        current: the silver tables before the change, by resource type.
    """
    people = {kind: rows for kind, rows in changed.items() if kind != "Organization"}
    rows = writer.spark.createDataFrame([], _ROW)
    if people:
        links = [silver.survivors(found) for found in _links(changed, current["Patient"])]
        touched = with_relatives(touched_patients(people, dict(current)), links)
        rows = rows.unionByName(touched.withColumn("scope", F.lit(PATIENT_SCOPE)))
    if "Organization" in changed:
        named = changed["Organization"].select("source").distinct()
        rows = rows.unionByName(
            named.withColumns({"scope": F.lit(ORGANIZATION_SCOPE), "patient_id": F.lit(None).cast("string")})
        )
    if changed:
        _append(writer, rows)


def _links(changed: Mapping[str, DataFrame], patients: DataFrame) -> list[DataFrame]:
    """Return the patients that are replaced by others before the change, and after it if it touches patients."""
    before = patients.filter(F.col("replaced_by_id").isNotNull())
    if "Patient" not in changed:
        return [before]
    kept = patients.join(
        F.broadcast(changed["Patient"].select("source", "id")), ["source", "id"], "left_anti"
    )
    return [before, kept.unionByName(changed["Patient"]).filter(F.col("replaced_by_id").isNotNull())]


def _append(writer: StageWriter, rows: DataFrame) -> None:
    name = F.concat_ws("|", "scope", "source", "patient_id")  # a key may not be null
    writer.append(PATIENT_CHANGE, rows.withColumns({"id": name, "run_id": F.lit(writer.run_id)}))


def changed_patients(lake: SparkLake, from_instant: str, to_instant: str) -> set[Patient]:
    """Return the patients that changed between two commits of silver.patient_change."""
    changes = lake.read_between(PATIENT_CHANGE, from_instant, to_instant)
    named = changes.filter(F.col("scope") == PATIENT_SCOPE)
    return {(row.source, row.patient_id) for row in named.select(*PATIENT_KEY).distinct().collect()}


def is_all_changed(lake: SparkLake, from_instant: str, to_instant: str) -> bool:
    """Tell whether silver was rebuilt between two commits of silver.patient_change."""
    changes = lake.read_between(PATIENT_CHANGE, from_instant, to_instant)
    return not changes.filter(F.col("scope") == ALL_SCOPE).isEmpty()
