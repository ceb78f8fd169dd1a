"""Which leg of a transfer chain a stay is (MEASURES 0.4.3, 0.4.4)."""

from pyspark.sql import Column
from pyspark.sql import functions as F


def is_first_leg() -> Column:
    """True for the hospital that admitted the patient; true for a stay without transfer."""
    return F.col("chain_position") == 1


def is_last_leg() -> Column:
    """True for the hospital that discharged to non-acute care; true for a stay without transfer."""
    return F.col("chain_position") == F.col("chain_length")


def leaves_to_acute_care() -> Column:
    """True for a discharge to another acute hospital, whether or not that hospital's stay is in the data."""
    return F.col("disposition_class") == "acute_transfer"
