"""Doubts about a stay that do not take it out of a measure, but that its reader should know (MEASURES 0.4.6 to 4.8)."""

from pyspark.sql import Column
from pyspark.sql import functions as F

from metriccare.measures.calendar import days_between
from metriccare.measures.clause import holds
from metriccare.measures.mortality.death import died_on_discharge_date, has_no_disposition, is_expired
from metriccare.measures.readmission.index_admission import is_back_the_same_day

LONG_DAYS = 365


def quality_flags() -> Column:
    """Return the names of the doubts that apply, after the flags that silver gave the stay."""
    named = [F.when(holds(applies), F.lit(name)) for name, applies in _doubts().items()]
    found = F.filter(F.array(*named), lambda name: name.isNotNull())
    return F.array_distinct(F.concat(F.coalesce("quality_flags", F.array()), found))


def _doubts() -> dict[str, Column]:
    lives_by_disposition = ~is_expired() & ~has_no_disposition()
    inside = (F.col("death_date") >= F.col("admission_date")) & (
        F.col("death_date") < F.col("discharge_date")
    )
    undiagnosed = ~F.col("is_diagnosed") | ~F.col("next_acute")["is_diagnosed"]
    return {
        "principal_diagnosis_unknown": ~F.col("is_diagnosed"),  # 1.1.6
        "same_day_diagnosis_unknown": is_back_the_same_day() & undiagnosed,  # 0.4.6
        "alive_but_death_inside_stay": lives_by_disposition & inside,  # 2.1
        "died_on_discharge_date": died_on_discharge_date(),  # 2.1
        "expired_but_not_deceased": is_expired() & ~F.col("is_deceased"),  # 2.1
        "vital_status_inconsistent": F.col("is_vital_status_inconsistent"),  # 2.2
        "length_over_365_days": days_between(F.col("admission_date"), F.col("discharge_date"))
        > LONG_DAYS,  # 4.8
    }
