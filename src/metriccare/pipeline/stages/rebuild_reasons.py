"""Why a stage makes its tables anew instead of taking what is new."""

from collections.abc import Mapping
from typing import Any

from pyspark.sql import SparkSession

from metriccare.lake import tables, timeline
from metriccare.pipeline import fingerprints
from metriccare.pipeline.stage_writer import Stage
from metriccare.settings import TABLES


def why_rebuild(
    spark: SparkSession,
    stage: Stage,
    state: Mapping[str, Any],
    table: tuple[str, str],
    instant: str,
    now: fingerprints.Rules,
    full_refresh: bool,
) -> list[str]:
    """Return the reasons in words; none if the stage can go on from where it is, or has never run.

    Args:
        spark: the session.
        stage: the stage.
        state: what it noted at its last end.
        table: layer and name of the table that it consumes.
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
    if not timeline.is_on_timeline(spark, stage.lake, *table, after):
        reasons.append(
            f"the commit {after} of {'.'.join(table)}, up to which it was read, is archived or gone"
        )
    missing = [name for name in TABLES[stage.name] if not tables.exists(stage.lake, stage.name, name)]
    if missing:
        reasons.append(f"the table {stage.name}.{missing[0]} is missing")
    return reasons
