"""The repeat infection timeframe: the same infection again within 14 days is the same event (MEASURES 3.2)."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from metriccare.definitions.decision_codes import InfectionDecision
from metriccare.measures.calendar import days_between

TIMEFRAME_DAYS = 14
SCOPE = ("source", "patient_id", "chain_id", "type")


def without_repeats(events: DataFrame) -> DataFrame:
    """Turn the decision on a repeat into `repeat_within_14_days`.

    Per patient, infection type and transfer chain the first event opens a timeframe of 14 days, whose day 1 is
    its own date; one present on admission does too; repeats do not prolong it.

    Args:
        events: one row per candidate, with `decision`.

    Returns:
        The same rows.
    """
    is_event = (
        F.col("decision").isin(InfectionDecision.PRESENT_ON_ADMISSION, InfectionDecision.HOSPITAL_ONSET)
        & F.col("event_date").isNotNull()
    )
    in_order = F.sort_array(F.collect_list(F.struct("event_date", "condition_id")))
    openers = events.filter(is_event).groupBy(*SCOPE).agg(_openers(in_order).alias("openers"))
    joined = events.alias("e").join(
        openers.alias("o"), [F.col(f"e.{name}").eqNullSafe(F.col(f"o.{name}")) for name in SCOPE], how="left"
    )
    repeated = is_event & ~F.array_contains("openers", F.col("condition_id"))
    decision = F.when(repeated, F.lit(InfectionDecision.REPEAT)).otherwise(F.col("decision"))
    kept = [F.col(f"e.{name}") for name in events.columns if name != "decision"]
    return joined.select(*kept, decision.alias("decision"))


def _openers(in_order: Column) -> Column:
    start = F.struct(
        F.lit(None).cast("date").alias("since"), F.array().cast("array<string>").alias("condition_ids")
    )

    def step(state: Column, event: Column) -> Column:
        opens = state["since"].isNull() | (
            days_between(state["since"], event["event_date"]) >= TIMEFRAME_DAYS
        )
        opened = F.struct(
            event["event_date"].alias("since"),
            F.concat(state["condition_ids"], F.array(event["condition_id"])).alias("condition_ids"),
        )
        return F.when(opens, opened).otherwise(state)

    return F.aggregate(in_order, start, step, lambda state: state["condition_ids"])
