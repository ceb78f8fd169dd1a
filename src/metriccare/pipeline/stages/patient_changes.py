"""silver.patient_change: which patients a commit of silver affects.

Written before the commit that changes them, so that a run that is killed in between cannot forget them; read when the
stays are written, and by gold.
"""

from collections.abc import Callable, Iterable
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from metriccare.definitions.tables import ENCOUNTER, PATIENT_CHANGE, Table
from metriccare.engine.here import choose
from metriccare.lake.reader import read_parts
from metriccare.pipeline.stage_writer import StageWriter
from metriccare.pipeline.stages.patient_links import Linked, linked_patients, links_between
from metriccare.settings import Lake
from metriccare.silver.relatives import Patient, with_relatives

Touched = dict[str, Any]

ALL_SCOPE, PATIENT_SCOPE, ORGANIZATION_SCOPE = "all", "patient", "organization"
_PATIENT = "source STRING, patient_id STRING"
_ROW = "scope STRING, source STRING, patient_id STRING"


def announce_all(writer: StageWriter) -> None:
    """Announce that every patient may change.

    Nobody asks for what changed before that, and a damaged file of it stands in nobody's way.
    """
    _write(writer, writer.replace, [(ALL_SCOPE, None, None)])


def announce(writer: StageWriter, touched: Iterable[Touched], changed_people: Iterable[Linked]) -> None:
    """Announce the patients that changed resources affect, and the sources whose hospital names change.

    Args:
        writer: of silver, whose tables are still as they were before the change.
        touched: rows of `touched`, see `silver.DELIVERY`.
        changed_people: the live ones with a link among the new rows of silver.patient.
    """
    touched, lake = list(touched), writer.lake.location
    patients = _patients_in(lake, touched)
    if patients:
        patients = with_relatives(patients, _links(lake, touched, changed_people))
    renamed = {row["source"] for row in touched if row["resource_type"] == "Organization"}
    rows = [(PATIENT_SCOPE, source, id) for source, id in patients]
    rows += [(ORGANIZATION_SCOPE, source, None) for source in renamed]
    if rows:
        _write(writer, writer.append, rows)


def _patients_in(lake: Lake, touched: Iterable[Touched]) -> set[Patient]:
    """Return the patients that are touched; a condition without one is of the patient of the encounter it names."""
    encounters = [row for row in touched if row["encounter_id"] is not None]
    named = {
        (row["source"], row["patient_id"])
        for row in touched
        if row["patient_id"] is not None or row["resource_type"] == "Encounter"  # which may be of nobody
    }
    return named | (_patients_of(lake, encounters) if encounters else set())


def _patients_of(lake: Lake, touched: list[Touched]) -> set[Patient]:
    """Return the patients of the encounters that are named."""
    rows = [{name: row[name] for name in ("source", "encounter_id")} for row in touched]
    query = "SELECT part.* FROM part SEMI JOIN named ON named.source = part.source AND named.encounter_id = part.id"
    encounters = read_parts(lake, ENCOUNTER, ["source", "id", "patient_id"])
    return as_patients(choose(encounters, query, _PATIENT, {"named": pa.Table.from_pylist(rows)}))


def _links(lake: Lake, touched: Iterable[Touched], changed_people: Iterable[Linked]) -> pa.Table:
    """Return who replaces whom before the change, and after it."""
    changed = {(row["source"], row["patient_id"]) for row in touched if row["resource_type"] == "Patient"}
    return links_between(linked_patients(lake), changed_people, changed)


def as_patients(rows: pa.Table) -> set[Patient]:
    """Return the patients of rows with the columns `source` and `patient_id`."""
    return {(row["source"], row["patient_id"]) for row in rows.to_pylist()}


def _write(
    writer: StageWriter,
    write: Callable[[Table, DataFrame], None],
    changes: Iterable[tuple[str, str | None, str | None]],
) -> None:
    rows = writer.spark.createDataFrame(list(changes), _ROW)
    name = F.concat_ws("|", "scope", "source", "patient_id")  # a key may not be null
    write(PATIENT_CHANGE, rows.withColumns({"id": name, "run_id": F.lit(writer.run_id)}))


def changed_patients(lake: Lake, from_instant: str, to_instant: str) -> set[Patient]:
    """Return the patients that changed between two commits of silver.patient_change."""
    return as_patients(_changes(lake, PATIENT_SCOPE, from_instant, to_instant))


def is_all_changed(lake: Lake, from_instant: str, to_instant: str) -> bool:
    """Tell whether silver was rebuilt between two commits of silver.patient_change."""
    return bool(_changes(lake, ALL_SCOPE, from_instant, to_instant).num_rows)


def _changes(lake: Lake, scope: str, from_instant: str, to_instant: str) -> pa.Table:
    columns, of_scope = ["scope", "source", "patient_id"], [("scope", "=", scope)]
    changes = read_parts(lake, PATIENT_CHANGE, columns, of_scope, after=from_instant, until=to_instant)
    return choose(changes, "SELECT DISTINCT source, patient_id FROM part", _PATIENT)
