"""as_of, the cut in event time: what happens later is unseen, a stay that crosses it is open."""

from datetime import date

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from metriccare.definitions.decision_codes import Reason
from metriccare.errors import LakeError


def default_as_of(stays: DataFrame) -> date:
    """Return the newest discharge date that is not after the date its delivery was received.

    A discharge in the future is a typing error, and must not move the cut.

    Raises:
        LakeError: no stay has a usable discharge date.
    """
    plausible = stays.filter(F.col("discharge_date") <= F.to_date("received_at"))
    newest: date | None = plausible.agg(F.max("discharge_date")).collect()[0][0]
    if newest is None:
        raise LakeError(
            "No inpatient stay has a usable discharge date, so there is no as_of: "
            "check Encounter.class, status and period of the input, or name a date with --as-of."
        )
    return newest


def reason_at(decision: Column, as_of: date) -> Column:
    """Return why a stay does not count at `as_of`, or null where it does.

    Args:
        decision: the struct of one measure; the row has `admission_date` and `discharge_date`.
        as_of: the cut.
    """
    cut = F.lit(as_of)
    exclusion = decision["exclusion"]
    return (
        F.when(F.col("admission_date") > cut, F.lit(Reason.ADMITTED_AFTER_AS_OF))
        .when(exclusion == Reason.PATIENT_UNKNOWN, exclusion)
        .when(F.col("discharge_date") > cut, F.lit(Reason.NOT_FINISHED))
        .when(exclusion.isNotNull(), exclusion)
        .when(decision["matures_on"] > cut, F.lit(Reason.FOLLOW_UP_INCOMPLETE))
    )


def value_at(decision: Column, as_of: date) -> Column:
    """Return what a stay adds to the numerator at `as_of`: nothing for an event that lies later."""
    return F.when(decision["event_on"] <= F.lit(as_of), decision["value"]).otherwise(F.lit(0.0))
