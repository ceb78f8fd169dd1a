"""Which leg of a transfer chain a stay is (MEASURES 0.4.3, 0.4.4)."""

from pyspark.sql import Column
from pyspark.sql import functions as F

from metriccare.definitions.decision_codes import Reason, Role
from metriccare.measures.clause import Exclusion
from metriccare.measures.evidence import both, of_related, of_stay


def is_first_leg() -> Column:
    """True for the hospital that admitted the patient; true for a stay without transfer."""
    return F.col("chain_position") == 1


def is_last_leg() -> Column:
    """True for the hospital that discharged to non-acute care; true for a stay without transfer."""
    return F.col("chain_position") == F.col("chain_length")


def leaves_to_acute_care() -> Column:
    """True for a discharge to another acute hospital, whether or not that hospital's stay is in the data."""
    return F.col("disposition_class") == "acute_transfer"


def transferred_out() -> Exclusion:
    """The outcome of a stay that went on elsewhere is not this hospital's (1.1.4, 2.1)."""
    evidence = both(of_related(Role.TRANSFER, "next_leg"), of_stay(Role.DISPOSITION))
    return Exclusion(Reason.TRANSFERRED_OUT, ~is_last_leg() | leaves_to_acute_care(), evidence)


def transferred_in() -> Exclusion:
    """A death after admission belongs to the hospital that admitted first (0.4.4)."""
    return Exclusion(Reason.TRANSFERRED_IN, ~is_first_leg(), of_related(Role.TRANSFER, "previous_leg"))
