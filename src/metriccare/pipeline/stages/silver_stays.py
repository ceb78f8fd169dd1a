"""The inpatient stays of silver, of the patients that changed."""

from pyspark.sql import functions as F

from metriccare import silver
from metriccare.definitions.sources import Sources
from metriccare.definitions.tables import CONDITION, ENCOUNTER, PATIENT, PATIENT_CHANGE, STAY
from metriccare.pipeline.checkpoints import SilverCheckpoint
from metriccare.pipeline.stage_writer import StageWriter
from metriccare.pipeline.stages.patient_changes import changed_patients, resources_of
from metriccare.pipeline.stages.silver_changes import SilverChanges
from metriccare.runtime.parallel import run_parallel


def refresh_stays(writer: StageWriter, changes: SilverChanges, sources: Sources) -> None:
    """Write the stays of the patients that changed since the stays were last written."""
    if changes.is_empty:
        return
    lake = writer.lake
    encounters, people, conditions = (lake.read(table) for table in (ENCOUNTER, PATIENT, CONDITION))
    if changes.is_rebuild:
        writer.replace(STAY, silver.stays(encounters, people, conditions, sources))
        return
    taken, latest = writer.load(SilverCheckpoint).change_instant, lake.latest_commit(PATIENT_CHANGE)
    if taken == latest:
        return  # repetitions and older versions only
    patients = changed_patients(lake, taken, latest)
    links = silver.survivors(people)
    # Checkpointed: otherwise Spark would plan the reading of all tables again at each step.
    theirs = resources_of(patients, encounters, people, conditions)
    encounters, people, conditions = run_parallel(rows.localCheckpoint for rows in theirs)
    recomputed = silver.stays(encounters, people, conditions, sources, links)
    former = silver.of_patients(lake.read(STAY), F.broadcast(patients), "left_semi")
    writer.upsert(STAY, recomputed, delete=former)
