"""Index admissions: the denominator (MEASURES 1.1), a function per clause."""

from pyspark.sql import Column
from pyspark.sql import functions as F

from metriccare.definitions.decision_codes import Reason, Role
from metriccare.definitions.profiles import Profile
from metriccare.measures.calendar import days_between
from metriccare.measures.clause import Exclusion
from metriccare.measures.cohort import not_acute, too_long
from metriccare.measures.disposition import left_against_medical_advice
from metriccare.measures.evidence import both, of_patient, of_principal_diagnosis, of_related, of_stay
from metriccare.measures.mortality.death import died_on_discharge_date, is_expired
from metriccare.measures.mortality.vital_status import inconsistent_vital_status
from metriccare.measures.readmission.covid_19 import covid_19
from metriccare.measures.transfer import transferred_out

SPECIALTIES = (Reason.PSYCHIATRIC, Reason.REHABILITATION, Reason.CANCER_TREATMENT)


def exclusions(profile: Profile) -> list[Exclusion]:
    """Return the measure's own clauses in order."""
    return [
        *too_long(profile),
        not_acute(),
        inconsistent_vital_status(),
        Exclusion(Reason.DIED_IN_HOSPITAL, F.col("died_in_hospital") | is_expired(), _of_the_dead()),
        Exclusion(Reason.DIED_ON_DISCHARGE_DATE, died_on_discharge_date(), of_patient(Role.DEATH)),
        left_against_medical_advice(),
        transferred_out(),
        *(Exclusion(name, is_admitted_for(name), of_principal_diagnosis()) for name in SPECIALTIES),
        Exclusion(Reason.CANCER_HOSPITAL, F.col("is_cancer_hospital"), of_stay()),
        covid_19(profile),
        Exclusion(
            Reason.SAME_DAY_CONTINUATION,
            continues_the_same_day(),
            of_related(Role.CONTINUATION, "next_acute"),
        ),
    ]


def is_admitted_for(specialty: str) -> Column:
    """True where the principal diagnosis is in the value set of that specialty (MEASURES 1.1.6)."""
    return F.array_contains("index_categories", specialty)


def continues_the_same_day() -> Column:
    """True where the patient is back in the same hospital on the same day with the same diagnosis (0.4.6).

    The two are one continuous stay and the later one is the index admission. An unknown diagnosis counts as a
    different one.
    """
    return is_back_the_same_day() & shares_a_diagnosis(F.col("next_acute"))


def is_back_the_same_day() -> Column:
    """True where the next acute stay is at the same hospital and begins on the discharge date."""
    following = F.col("next_acute")
    return (following["hospital_id"] == F.col("hospital_id")) & (
        days_between(F.col("discharge_date"), following["admission_date"]) == 0
    )


def shares_a_diagnosis(stay: Column) -> Column:
    """True where the principal diagnoses have a code in common."""
    return F.arrays_overlap(_keys(F.col("principal_codings")), _keys(stay["principal_codings"]))


def _keys(codings: Column) -> Column:
    coded = F.filter(codings, lambda coding: coding["code"].isNotNull())  # a mere text is no code in common
    return F.transform(coded, lambda coding: F.concat_ws("|", coding["system"], coding["code"]))


def _of_the_dead() -> Column:
    return both(of_stay(Role.DISPOSITION), of_patient(Role.DEATH))
