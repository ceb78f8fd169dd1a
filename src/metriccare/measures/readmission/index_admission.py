"""Index admissions: the denominator (MEASURES 1.1), a function per clause."""

from pyspark.sql import Column
from pyspark.sql import functions as F

from metriccare.fhir.concepts import category
from metriccare.measures.calendar import days_between
from metriccare.measures.clause import Exclusion
from metriccare.measures.cohort import not_acute
from metriccare.measures.mortality.death import died_on_discharge_date, is_expired
from metriccare.measures.transfer import is_last_leg, leaves_to_acute_care

SPECIALTIES = ("psychiatric", "rehabilitation", "cancer_treatment")


def exclusions() -> list[Exclusion]:
    """Return the measure's own clauses in order."""
    return [
        not_acute(),
        Exclusion("inconsistent_vital_status", F.col("is_vital_status_inconsistent")),
        Exclusion("died_in_hospital", F.col("died_in_hospital") | is_expired()),
        Exclusion("died_on_discharge_date", died_on_discharge_date()),
        Exclusion("left_against_medical_advice", F.col("disposition_class") == "left_against_medical_advice"),
        Exclusion("transferred_out", ~is_last_leg() | leaves_to_acute_care()),
        *(Exclusion(specialty, is_admitted_for(specialty)) for specialty in SPECIALTIES),
        Exclusion("same_day_continuation", continues_the_same_day()),
    ]


def is_admitted_for(specialty: str) -> Column:
    """True where the principal diagnosis is in the value set of that specialty (MEASURES 1.1.6)."""
    return category(F.col("principal_diagnosis"), "index_exclusion_diagnosis") == specialty


def continues_the_same_day() -> Column:
    """True where the patient is back in the same hospital on the same day with the same diagnosis (0.4.6).

    The two are one continuous stay and the later one is the index admission. An unknown diagnosis counts as a
    different one.
    """
    following = F.col("next_acute")
    return (
        (following["hospital_id"] == F.col("hospital_id"))
        & (days_between(F.col("discharge_date"), following["admission_date"]) == 0)
        & (following["principal_diagnosis"]["code"] == F.col("principal_diagnosis")["code"])
        & (following["principal_diagnosis"]["system"] == F.col("principal_diagnosis")["system"])
    )
