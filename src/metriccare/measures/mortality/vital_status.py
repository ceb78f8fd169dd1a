"""When it can't be told whether, when or who died: the clauses on vital status and demographics (MEASURES 2.2)."""

from pyspark.sql import Column
from pyspark.sql import functions as F

from metriccare.definitions.decision_codes import Reason, Role
from metriccare.measures.clause import Exclusion, holds
from metriccare.measures.evidence import both, of_patient, of_related
from metriccare.measures.sequence import of_patient as all_of_patient

OLDEST = 115


def inconsistent_vital_status() -> Exclusion:
    """The date of death lies before an admission of the patient, or the birth after this one."""
    of_death = both(of_patient(Role.DEATH), of_related(Role.STAY_AFTER_DEATH, "last_stay"))
    evidence = F.when(is_born_later(), of_patient(Role.BIRTH)).otherwise(of_death)
    return Exclusion(Reason.INCONSISTENT_VITAL_STATUS, F.col("is_vital_status_inconsistent"), evidence)


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
    return Exclusion(Reason.DEATH_DATE_UNKNOWN, unknown, of_patient(Role.DEATH))


def demographics_unreliable() -> Exclusion:
    """Without sex, or older than 115: measure 0229 leaves out patients with unreliable age or sex."""
    sex = F.coalesce("sex", F.lit("unknown"))
    return Exclusion(
        Reason.DEMOGRAPHICS_UNRELIABLE, (sex == "unknown") | (F.col("age") > OLDEST), of_patient(Role.BIRTH)
    )
