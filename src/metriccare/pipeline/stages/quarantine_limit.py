"""The share of quarantined input above which silver takes nothing: a feed that sends rubbish must not go unseen."""

from collections import Counter

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from metriccare import quality
from metriccare.definitions.tables import QUARANTINE, RECORD
from metriccare.definitions.validation import check_share
from metriccare.errors import QuarantineError
from metriccare.lake import timeline
from metriccare.lake.ledger import QuarantineState
from metriccare.pipeline.quarantine.reasons import listing
from metriccare.pipeline.quarantine.states import in_state
from metriccare.pipeline.stage_writer import Stage
from metriccare.pipeline.stages.silver import SilverNews
from metriccare.quality.replayed import KEY

OFF = 1.0
_NAMED = 3  # of the reasons


def check_quarantined(
    spark: SparkSession, stage: Stage, news: SilverNews, max_quarantined: float = OFF
) -> None:
    """Make sure that not too many of the records which silver has not taken yet are in quarantine.

    Dismissed records count towards the total, but not as quarantined.

    Args:
        spark: the session.
        stage: silver; nothing is written.
        news: what it has to do.
        max_quarantined: the greatest share that is taken, 0 to 1; 1 looks at nothing.

    Raises:
        ParameterError: the share is none.
        QuarantineError: there are more; the text says how many, why, and what to do.
    """
    if check_share(max_quarantined) == OFF or news.is_empty:
        return
    new = timeline.read_until(spark, stage.lake, RECORD, news.until, after=news.after)
    total, refused = _count(new, _dismissed(spark, stage))
    if refused.total() > max_quarantined * total:
        raise QuarantineError(
            f"{refused.total() / total:.1%} of the {total:,} records that silver has not taken yet are in quarantine "
            f"({listing(refused, _NAMED)}), and max_quarantined allows {max_quarantined:.1%}: silver is as it was. "
            "`metriccare quarantine list` shows them; replay or dismiss them, or give a higher share, then run again."
        )


def _count(new: DataFrame, dismissed: DataFrame) -> tuple[int, Counter[str]]:
    """Return how many records there are, and those that wait in quarantine by reason."""
    key = list(KEY)
    is_refused = F.col("resource_type") == QUARANTINE
    accepted = new.filter(~is_refused).count()
    refused = new.filter(is_refused).join(quality.replayed(new), key, how="left_anti")
    marked = refused.join(dismissed.withColumn("is_dismissed", F.lit(True)), key, how="left")
    counted = marked.groupBy("reason_code", F.col("is_dismissed").isNull().alias("is_open")).count().collect()
    waiting = Counter({str(row.reason_code): row["count"] for row in counted if row.is_open})
    return accepted + sum(row["count"] for row in counted), waiting


def _dismissed(spark: SparkSession, stage: Stage) -> DataFrame:
    keys = sorted(in_state(stage.ledger, QuarantineState.DISMISSED))
    return spark.createDataFrame(keys, "file_version STRING, position STRING")
