"""silver.patient_change: which patients a commit of silver affects.

Written before the commit that changes them, so that a run that is killed in between cannot forget them; read when the
stays are written, and by gold.
"""

from collections.abc import Iterable, Sequence

import pyarrow as pa
from pyspark.sql import DataFrame, Row
from pyspark.sql import functions as F

from metriccare.definitions.tables import ENCOUNTER, PATIENT, PATIENT_CHANGE
from metriccare.lake.tables import SparkLake
from metriccare.pipeline.stage_writer import StageWriter
from metriccare.pipeline.stages.patient_links import linked_patients, links_between
from metriccare.silver.relatives import Patient, with_relatives

ALL_SCOPE, PATIENT_SCOPE, ORGANIZATION_SCOPE = "all", "patient", "organization"
_ROW = "scope STRING, source STRING, patient_id STRING"


def announce_all(writer: StageWriter) -> None:
    """Announce that every patient may change."""
    _append(writer, [(ALL_SCOPE, None, None)])


def announce(writer: StageWriter, touched: Sequence[Row], changed_people: DataFrame) -> None:
    """Announce the patients that changed resources affect, and the sources whose hospital names change.

    Args:
        writer: of silver, whose tables are still as they were before the change.
        touched: of `silver.DELIVERY`.
        changed_people: the new rows of silver.patient.
    """
    patients = _patients_in(writer.lake, touched)
    if patients:
        links = _links(writer.lake, touched, changed_people)
        patients = with_relatives(patients, links)
    renamed = {row.source for row in touched if row.resource_type == "Organization"}
    rows = [(PATIENT_SCOPE, source, id) for source, id in patients]
    rows += [(ORGANIZATION_SCOPE, source, None) for source in renamed]
    if rows:
        _append(writer, rows)


def _patients_in(lake: SparkLake, touched: Iterable[Row]) -> set[Patient]:
    """Return the patients that are touched; a condition without one is of the patient of the encounter it names."""
    encounters = {(row.source, row.encounter_id) for row in touched if row.encounter_id is not None}
    named = {
        (row.source, row.patient_id)
        for row in touched
        if row.patient_id is not None or row.resource_type == "Encounter"  # which may be of nobody
    }
    return named | (_patients_of(lake, encounters) if encounters else set())


def _patients_of(lake: SparkLake, encounters: set[tuple[str, str]]) -> set[Patient]:
    wanted = F.broadcast(lake.spark.createDataFrame(sorted(encounters), "source STRING, id STRING"))
    found = lake.read(ENCOUNTER).join(wanted, ["source", "id"], how="left_semi")
    return {(row.source, row.patient_id) for row in found.select("source", "patient_id").distinct().collect()}


def _links(lake: SparkLake, touched: Iterable[Row], changed_people: DataFrame) -> pa.Table:
    """Return who replaces whom before the change, and after it."""
    before = linked_patients(lake.read(PATIENT))
    changed = {(row.source, row.patient_id) for row in touched if row.resource_type == "Patient"}
    return links_between(before, linked_patients(changed_people) if changed else [], changed)


def _append(writer: StageWriter, changes: Iterable[tuple[str, str | None, str | None]]) -> None:
    rows = writer.spark.createDataFrame(list(changes), _ROW)
    name = F.concat_ws("|", "scope", "source", "patient_id")  # a key may not be null
    writer.append(PATIENT_CHANGE, rows.withColumns({"id": name, "run_id": F.lit(writer.run_id)}))


def changed_patients(lake: SparkLake, from_instant: str, to_instant: str) -> set[Patient]:
    """Return the patients that changed between two commits of silver.patient_change."""
    changes = lake.read_between(PATIENT_CHANGE, from_instant, to_instant)
    named = changes.filter(F.col("scope") == PATIENT_SCOPE)
    return {(row.source, row.patient_id) for row in named.select("source", "patient_id").distinct().collect()}


def is_all_changed(lake: SparkLake, from_instant: str, to_instant: str) -> bool:
    """Tell whether silver was rebuilt between two commits of silver.patient_change."""
    changes = lake.read_between(PATIENT_CHANGE, from_instant, to_instant)
    return not changes.filter(F.col("scope") == ALL_SCOPE).isEmpty()
