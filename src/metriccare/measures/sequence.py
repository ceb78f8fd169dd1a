"""What a stay must know of the patient's other stays: the next ones, the legs beside it, a hospice before."""

from pyspark.sql import Column, DataFrame, Window, WindowSpec
from pyspark.sql import functions as F

from metriccare.measures.calendar import days_between
from metriccare.measures.planned import with_planned

HOSPICE_DAYS = 365
ORDER = ("admission_date", "admission_at", "id")
_RELATED = (
    "id",
    "admission_date",
    "discharge_date",
    "hospital_id",
    "principal_codings",
    "is_planned",
    "is_planned_by_proxy",
    "is_diagnosed",
    "body_sha256",
)


def of_patient() -> WindowSpec:
    """All stays of one patient; one of nobody stands alone."""
    alone = F.when(F.col("patient_id").isNull(), F.col("id"))  # an id of a stay may be that of a patient
    return Window.partitionBy("source", "patient_id", alone)


def with_neighbours(stays: DataFrame) -> DataFrame:
    """Add what the clauses ask of the patient's other stays.

    Adds the columns of `with_planned`; as structs that hold id, dates, hospital, diagnosis and body hash
    `next_acute` and `next_stay` (the next acute, the next inpatient stay by admission), `next_leg` and
    `previous_leg` of the transfer chain, and `last_stay` (the patient's last to begin); `chain_admission_date`
    and `chain_discharge_date` (the last end of its legs); and `last_hospice` (the latest earlier stay that ended
    in hospice, 0 to 365 days before).
    """
    in_order = of_patient().orderBy(*ORDER)
    following = in_order.rowsBetween(1, Window.unboundedFollowing)
    preceding = in_order.rowsBetween(Window.unboundedPreceding, -1)
    chain = Window.partitionBy("source", "patient_id", "chain_id")
    legs = chain.orderBy("chain_position")
    this = F.struct(*_RELATED)
    has_date = F.col("admission_date").isNotNull()
    hospice = F.when(F.col("disposition_class") == "hospice", this)
    found = with_planned(stays).withColumns(
        {
            "next_acute": F.first(F.when(F.col("is_acute") & has_date, this), True).over(following),
            "next_stay": F.first(F.when(has_date, this), True).over(following),
            "next_leg": F.lead(this).over(legs),
            "previous_leg": F.lag(this).over(legs),
            "chain_admission_date": F.first("admission_date").over(legs),
            "chain_discharge_date": F.max("discharge_date").over(chain),
            "last_stay": F.max(F.struct(*ORDER, "body_sha256")).over(of_patient()),
            "_hospice": F.collect_list(hospice).over(preceding),
        }
    )
    return found.withColumn("last_hospice", _recent(F.col("_hospice"))).drop("_hospice")


def _recent(stays: Column) -> Column:
    """Return the latest of the stays that ended in the year before this admission (2.2)."""
    recent = F.filter(
        stays,
        lambda stay: days_between(stay["discharge_date"], F.col("admission_date")).between(0, HOSPICE_DAYS),
    )
    return F.get(recent, F.size(recent) - 1)
