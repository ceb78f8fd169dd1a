"""A stage that reads and writes tables with Spark."""

from pyspark.sql import SparkSession

from metriccare.lake.ledger import Ledger
from metriccare.lake.tables import SparkLake, TableWriter
from metriccare.pipeline.checkpoints import C, Checkpoint, load_checkpoint
from metriccare.pipeline.stage import Closing, Stage
from metriccare.settings import Lake


class StageWriter(TableWriter, Closing):
    """Writes the tables of a stage: each commit carries its run id, and is refused once its lease is lost.

    Attributes:
        lake: the lake, for reading.
        run_id: the run that writes.
        stage: the stage that is held.
    """

    def __init__(self, spark: SparkSession, stage: Stage) -> None:
        super().__init__(SparkLake(spark, stage.lake), stage.run_id, stage.check)
        self.stage = stage

    @property
    def spark(self) -> SparkSession:
        """The session."""
        return self.lake.spark

    @property
    def ledger(self) -> Ledger:
        """The lake's ledger."""
        return self.stage.ledger

    def load(self, kind: type[C]) -> C:
        """Return the checkpoint of a stage, this one or another; see `load_checkpoint`."""
        return load_checkpoint(self.ledger, kind)

    def save(self, checkpoint: Checkpoint) -> None:
        """Replace the checkpoint of this stage; see `Stage.save`."""
        self.stage.save(checkpoint)

    def close(self) -> None:
        """Release the stage; a second call does nothing."""
        self.stage.close()


def open_stage(
    spark: SparkSession, name: str, lake: Lake, run_id: str = "", ledger_url: str = ""
) -> StageWriter:
    """Open a stage for writing; close it when its last table is written.

    Args:
        spark: the session.
        name: bronze, silver or gold.
        lake: the lake.
        run_id: the run that writes; empty for a new one.
        ledger_url: where the lake's ledger is; empty for the lake's own.

    Raises:
        ParameterError: the run id is not one.
        StageBusyError: another process is writing the stage.
    """
    return StageWriter(spark, Stage(name, lake, run_id, ledger_url))
