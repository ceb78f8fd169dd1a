"""Candidate infections: conditions with a code of the value set, linked to a stay (MEASURES 3.3)."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from metriccare.fhir.concepts import category
from metriccare.measures.infection.link import event_date, links


def candidates(stays: DataFrame, conditions: DataFrame) -> DataFrame:
    """Link infections to stays, see `infection.link`.

    Args:
        stays: silver.stay.
        conditions: silver.condition; only live rows take part.

    Returns:
        One row per stay and infection condition: the condition's status, `type`, `rule`, `code`, `display`,
        `present_on_admission`, the stay's dates and chain, and `event_date`, in the zone of the stay's hospital.
    """
    infections = _infections(conditions.filter("is_live"))
    facts = _stay_facts(stays)
    linked = links(stays, infections).join(
        infections.drop("patient_id"), ["source", "condition_id"], how="inner"
    )
    return linked.join(facts, ["source", "stay_id"], how="inner").withColumns(
        {"present_on_admission": _indicator(), "event_date": event_date()}
    )


def _infections(conditions: DataFrame) -> DataFrame:
    known = F.filter("codings", lambda coding: category(coding, "infection").isNotNull())
    coding = F.get(known, 0)
    return (
        conditions.withColumn("coding", coding)
        .filter(F.col("coding").isNotNull())
        .select(
            "source",
            F.col("id").alias("condition_id"),
            "encounter_id",
            "patient_id",
            "category_codes",
            "verification_status",
            "onset",
            "recorded",
            category(F.col("coding"), "infection").alias("type"),
            category(F.col("coding"), "infection", "rule").alias("rule"),
            F.col("coding.code").alias("code"),
            category(F.col("coding"), "infection", "display").alias("display"),
            "body_sha256",
        )
    )


def _stay_facts(stays: DataFrame) -> DataFrame:
    return stays.select(
        "source",
        F.col("id").alias("stay_id"),
        "patient_id",
        "hospital_id",
        "chain_id",
        "admission_date",
        "discharge_date",
        "timezone",
        "diagnoses",
    )


def _indicator() -> Column:
    same = F.filter("diagnoses", lambda d: d["condition_id"] == F.col("condition_id"))
    return F.get(F.filter(F.transform(same, lambda d: d["present_on_admission"]), F.isnotnull), 0)
