"""The share of quarantined input above which silver takes nothing: a feed that sends rubbish must not go unnoticed."""

from collections import Counter

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from metriccare import quality
from metriccare.definitions.tables import QUARANTINE, RECORD
from metriccare.definitions.validation import check_share
from metriccare.errors import QuarantineError
from metriccare.lake.ledger import QuarantineState
from metriccare.pipeline.quarantine.reasons import counts_in_words
from metriccare.pipeline.quarantine.states import in_state
from metriccare.pipeline.stage_writer import StageWriter
from metriccare.pipeline.stages.silver_changes import SilverChanges

NO_LIMIT = 1.0
_NAMED = 3  # of the reasons


def check_quarantined(writer: StageWriter, changes: SilverChanges, max_quarantined: float = NO_LIMIT) -> None:
    """Make sure that not too many of the records which silver has not taken yet are in quarantine.

    Dismissed records count towards the total, but not as quarantined.

    Args:
        writer: of silver; nothing is written.
        changes: what it has to do.
        max_quarantined: the largest share that is accepted, 0 to 1; 1 checks nothing.

    Raises:
        ParameterError: the share is not from 0 to 1.
        QuarantineError: the share is larger; the text says how many, why, and what to do.
    """
    if check_share(max_quarantined) == NO_LIMIT or changes.is_empty:
        return
    new = writer.lake.read_until(RECORD, changes.to_instant, from_instant=changes.from_instant)
    total, refused = _count(new, _dismissed(writer))
    if refused.total() > max_quarantined * total:
        raise QuarantineError(
            f"{refused.total() / total:.1%} of the {total:,} records that silver has not taken yet are in quarantine "
            f"({counts_in_words(refused, _NAMED)}), and max_quarantined allows {max_quarantined:.1%}: silver is "
            "unchanged. `metriccare quarantine list` shows them; replay or dismiss them, or allow a larger share, then "
            "run again."
        )


def _count(new: DataFrame, dismissed: DataFrame) -> tuple[int, Counter[str]]:
    """Return how many records there are, and those that wait in quarantine by reason."""
    key = list(RECORD.key)
    is_refused = F.col("resource_type") == QUARANTINE
    accepted = new.filter(~is_refused).count()
    refused = new.filter(is_refused).join(quality.replayed(new), key, how="left_anti")
    marked = refused.join(dismissed.withColumn("is_dismissed", F.lit(True)), key, how="left")
    counted = marked.groupBy("reason_code", F.col("is_dismissed").isNull().alias("is_open")).count().collect()
    waiting = Counter({str(row.reason_code): row["count"] for row in counted if row.is_open})
    return accepted + sum(row["count"] for row in counted), waiting


def _dismissed(writer: StageWriter) -> DataFrame:
    keys = sorted(in_state(writer.ledger, QuarantineState.DISMISSED))
    return writer.spark.createDataFrame(keys, "file_version STRING, position STRING")
