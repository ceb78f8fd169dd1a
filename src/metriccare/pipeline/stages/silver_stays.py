"""The inpatient stays of silver, of the patients that changed."""

from metriccare import silver
from metriccare.definitions.sources import Sources
from metriccare.definitions.tables import PATIENT_CHANGE, STAY
from metriccare.engine import Reference
from metriccare.pipeline.checkpoints import SilverCheckpoint
from metriccare.pipeline.stage_writer import StageWriter
from metriccare.pipeline.stages.patient_changes import changed_patients
from metriccare.pipeline.stages.patient_links import links_of
from metriccare.pipeline.stages.patient_rows import rows_of
from metriccare.pipeline.stages.silver_changes import SilverChanges


def refresh_stays(writer: StageWriter, changes: SilverChanges, sources: Sources) -> None:
    """Write the stays of the patients that changed since the stays were last written."""
    if changes.is_empty:
        return
    lake = writer.lake
    taken, latest = writer.load(SilverCheckpoint).change_instant, lake.latest_commit(PATIENT_CHANGE)
    if not changes.is_rebuild and taken == latest:
        return  # repetitions and older versions only
    changed = None if changes.is_rebuild else changed_patients(lake.location, taken, latest)
    rows = rows_of(lake, links_of(lake.location), changed)
    stays = rows.run(silver.STAYS, Reference(sources=sources))["stay"]
    if changes.is_rebuild:
        writer.replace(STAY, stays)
    else:
        writer.upsert(STAY, stays, delete=rows.held(STAY, "source STRING, id STRING"))
