"""The clause on COVID-19 (MEASURES 1.1.6, the specification of 2023)."""

from pyspark.sql import Column
from pyspark.sql import functions as F

from metriccare.definitions.decision_codes import Reason, Role
from metriccare.definitions.profiles import Profile
from metriccare.fhir.concepts import category
from metriccare.measures.clause import Exclusion
from metriccare.measures.evidence import both, of_principal_diagnosis
from metriccare.measures.infection.onset import PRESENT


def covid_19(profile: Profile) -> Exclusion:
    """COVID-19 as the principal diagnosis, or as another one present on admission.

    Present on admission by the indicator on `Encounter.diagnosis`, or by the decision on it as an infection.
    """
    applies = is_principal() | (F.size(_by_indicator()) > 0) | (F.size(_by_decision(profile)) > 0)
    on_admission = both(_resources(_by_indicator()), _by_decision(profile))
    return Exclusion(
        Reason.COVID_19, applies, both(F.when(is_principal(), of_principal_diagnosis()), on_admission)
    )


def is_principal() -> Column:
    """True where any coding of the principal diagnosis is COVID-19."""
    return F.exists(F.coalesce("principal_codings", F.array()), _is_covid_19)


def _by_indicator() -> Column:
    """Return the entries of `Encounter.diagnosis` that are COVID-19 with the indicator Y or W."""
    return F.filter(
        F.coalesce("diagnoses", F.array()),
        lambda d: d["present_on_admission"].isin(*PRESENT) & F.exists(d["codings"], _is_covid_19),
    )


def _by_decision(profile: Profile) -> Column:
    """Return the infections that are COVID-19 and were there on admission, see `with_infections`."""
    return F.coalesce(F.col("infections")[profile.name]["covid_19"], F.array())


def _resources(diagnoses: Column) -> Column:
    return F.transform(
        diagnoses,
        lambda d: F.struct(
            F.lit(Role.DIAGNOSIS_ON_ADMISSION).alias("role"),
            F.col("source"),
            F.lit("Condition").alias("type"),
            d["condition_id"].alias("id"),
            d["body_sha256"].alias("body_sha256"),
        ),
    )


def _is_covid_19(coding: Column) -> Column:
    return category(coding, "covid_19").isNotNull()
