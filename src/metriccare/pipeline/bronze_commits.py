"""The commits of bronze: the newest one is noted in the stage's state, by which silver hears of new records."""

from pyspark.sql import SparkSession

from metriccare.definitions.tables import RECORD
from metriccare.lake import timeline
from metriccare.pipeline.stage_writer import Stage
from metriccare.pipeline.watermarks import HEAD


def note_head(spark: SparkSession, stage: Stage) -> None:
    """Note the newest commit; done after each commit, and before what was taken is noted as done."""
    stage.note({**stage.state(), HEAD: timeline.head(spark, stage.lake, RECORD)})


def free_batch_id(spark: SparkSession, stage: Stage, name: str) -> str:
    """Return the name, with a number if a commit carries it already: a commit tells of one batch only."""
    found, number = name, 1
    while timeline.commit_of_batch(spark, stage.lake, RECORD, found) is not None:
        number += 1
        found = f"{name}-{number}"
    return found
