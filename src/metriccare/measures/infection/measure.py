"""Hospital-onset infections of a stay (MEASURES 3.4)."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from metriccare.definitions.decision_codes import InfectionDecision, Role
from metriccare.definitions.profiles import Profile
from metriccare.fhir.concepts import category
from metriccare.measures.clause import Rules
from metriccare.measures.evidence import of_resource
from metriccare.measures.infection.onset import FIRST_HOSPITAL_ONSET_DAY, NOT_PRESENT

SNOMED = "http://snomed.info/sct"


def with_infections(stays: DataFrame, events: DataFrame) -> DataFrame:
    """Add `infections`, what each profile decided on them.

    Args:
        stays: one row per stay.
        events: gold.infection_event of the same stays.

    Returns:
        The same rows; `infections` maps a profile's name to a struct of `count`, `first_date` and `evidence` of
        the hospital-onset events, and `covid_19`, the evidence of those that were COVID-19 on admission.
    """
    is_onset = F.col("decision") == InfectionDecision.HOSPITAL_ONSET
    by_profile = events.groupBy("source", F.col("stay_id").alias("id"), "profile").agg(
        F.count(F.when(is_onset, True)).alias("count"),
        F.min(F.when(is_onset, F.col("event_date"))).alias("first_date"),
        _resources(is_onset, Role.INFECTION).alias("evidence"),
        _resources(_is_covid_19_on_admission(), Role.DIAGNOSIS_ON_ADMISSION).alias("covid_19"),
    )
    by_stay = by_profile.groupBy("source", "id").agg(
        F.map_from_entries(
            F.collect_list(F.struct("profile", F.struct("count", "first_date", "evidence", "covid_19")))
        ).alias("infections"),
    )
    return stays.join(by_stay, ["source", "id"], how="left")


def _resources(is_wanted: Column, role: Role) -> Column:
    """Aggregate the conditions of the wanted events as evidence, in a fixed order."""
    condition = of_resource(role, "Condition", "condition_id", "body_sha256")[0]
    return F.sort_array(F.collect_list(F.when(is_wanted, condition)))


def _is_covid_19_on_admission() -> Column:
    """True also for the repeat of an infection of the same type: it is there on admission all the same."""
    coding = F.struct(F.lit(SNOMED).alias("system"), F.col("code").alias("code"))
    is_early = F.col("hospital_day") < FIRST_HOSPITAL_ONSET_DAY
    is_denied = F.coalesce(F.col("present_on_admission").isin(*NOT_PRESENT), F.lit(False))
    early_repeat = (F.col("decision") == InfectionDecision.REPEAT) & is_early & ~is_denied
    on_admission = (F.col("decision") == InfectionDecision.PRESENT_ON_ADMISSION) | early_repeat
    return on_admission & category(coding, "covid_19").isNotNull()


def infection(profile: Profile) -> Rules:
    """Decide one stay: value = its hospital-onset events, each with its own date in gold.infection_event."""
    found = F.col("infections")[profile.name]
    count = F.coalesce(found["count"], F.lit(0))
    return Rules(
        own=(),
        numerator=count > 0,
        value=count,
        matures_on=F.col("discharge_date"),
        event_on=found["first_date"],
        evidence=found["evidence"],
    )
