"""When it can't be told whether, when or who died: the clauses on vital status and demographics (MEASURES 2.2)."""

from pyspark.sql import Column
from pyspark.sql import functions as F

from metriccare.measures.clause import Exclusion, both, holds
from metriccare.measures.proof import of_patient, of_related
from metriccare.measures.sequence import of_patient as all_of_patient

OLDEST = 115


def inconsistent_vital_status() -> Exclusion:
    """The date of death lies before an admission of the patient, or the birth after this one."""
    of_death = both(of_patient("death"), of_related("stay_after_death", "last_stay"))
    proof = F.when(is_born_later(), of_patient("birth")).otherwise(of_death)
    return Exclusion("inconsistent_vital_status", F.col("is_vital_status_inconsistent"), proof)


def is_inconsistent() -> Column:
    """True for all stays of a patient who was admitted after the death, and for one before the birth."""
    admitted_after_death = F.max("admission_date").over(all_of_patient()) > F.col("death_on")
    return holds(admitted_after_death) | is_born_later()


def is_born_later() -> Column:
    """True for a stay that began before the patient was born."""
    return holds(F.col("birth_date") > F.col("admission_date"))


def death_date_unknown() -> Exclusion:
    """Known to be dead, but neither from a usable date nor from a stay that ended in death."""
    unknown = F.col("is_deceased") & F.col("death_on").isNull()
    return Exclusion("death_date_unknown", unknown, of_patient("death"))


def demographics_unreliable() -> Exclusion:
    """Without sex, or older than 115: measure 0229 leaves out patients with unreliable age or sex."""
    sex = F.coalesce("sex", F.lit("unknown"))
    return Exclusion(
        "demographics_unreliable", (sex == "unknown") | (F.col("age") > OLDEST), of_patient("birth")
    )
