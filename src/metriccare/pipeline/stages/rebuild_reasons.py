"""Why a stage makes its tables anew instead of taking what is new."""

from collections.abc import Mapping
from typing import Any

from pyspark.sql import SparkSession

from metriccare.definitions.tables import Table, of_layer
from metriccare.lake import timeline
from metriccare.lake.storage import has_table
from metriccare.pipeline import fingerprints
from metriccare.pipeline.stage_writer import Stage


def why_rebuild(
    spark: SparkSession,
    stage: Stage,
    state: Mapping[str, Any],
    table: Table,
    instant: str,
    now: fingerprints.Rules,
    full_refresh: bool,
) -> list[str]:
    """Return the reasons in words; none if the stage can go on from where it is, or has never run.

    Args:
        spark: the session.
        stage: the stage.
        state: what it noted at its last end.
        table: the table that it consumes.
        instant: the key in `state` of the last commit of that table it has taken.
        now: what its rows depend on besides other rows.
        full_refresh: somebody asked for it.
    """
    after = str(state.get(instant, ""))
    if not after:
        return []
    reasons = ["asked for by full_refresh"] if full_refresh else []
    if state.get("is_rebuilding"):
        reasons.append("an earlier rebuild did not come to its end")
    other = fingerprints.changed(state.get("rules", {}), now)
    if other:
        reasons.append(f"{', '.join(other)} changed")
    if not timeline.is_on_timeline(spark, stage.lake, table, after):
        reasons.append(f"the commit {after} of {table}, up to which it was read, is archived or gone")
    missing = [one for one in of_layer(stage.name) if not has_table(stage.lake, one)]
    if missing:
        reasons.append(f"the table {missing[0]} is missing")
    return reasons
