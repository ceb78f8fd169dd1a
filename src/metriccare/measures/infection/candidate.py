"""Candidate infections: conditions with a code of the value set, linked to a stay (MEASURES 3.3)."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from metriccare.fhir.concepts import category


def candidates(stays: DataFrame, conditions: DataFrame) -> DataFrame:
    """Link infections to stays, by `Condition.encounter`, else by `Encounter.diagnosis.condition`.

    Args:
        stays: silver.stay.
        conditions: silver.condition; only live rows take part.

    Returns:
        One row per stay and infection condition: the condition's dates and status, `type`, `rule`, `code`,
        `display`, `present_on_admission`, and the stay's dates and chain.
    """
    infections = _infections(conditions.filter("is_live"))
    facts = _stay_facts(stays)
    linked = _links(stays, infections).join(infections, ["source", "condition_id"], how="inner")
    return linked.join(facts, ["source", "stay_id"], how="inner").withColumn(
        "present_on_admission", _indicator()
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
            "verification_status",
            "event_date",
            category(F.col("coding"), "infection").alias("type"),
            category(F.col("coding"), "infection", "rule").alias("rule"),
            F.col("coding.code").alias("code"),
            category(F.col("coding"), "infection", "display").alias("display"),
            "body_sha256",
        )
    )


def _links(stays: DataFrame, infections: DataFrame) -> DataFrame:
    by_encounter = stays.select(
        "source", F.col("id").alias("stay_id"), F.explode("encounter_ids").alias("encounter_id")
    ).join(
        infections.select("source", "condition_id", "encounter_id"), ["source", "encounter_id"], how="inner"
    )
    by_diagnosis = (
        stays.select("source", F.col("id").alias("stay_id"), F.explode("diagnoses").alias("d"))
        .select("source", "stay_id", F.col("d.condition_id").alias("condition_id"))
        .join(infections.select("source", "condition_id"), ["source", "condition_id"], how="left_semi")
    )
    first = by_encounter.select("source", "condition_id", "stay_id")
    rest = by_diagnosis.join(first, ["source", "condition_id"], how="left_anti")
    one_each = rest.groupBy("source", "condition_id").agg(F.min("stay_id").alias("stay_id"))
    return first.unionByName(one_each)


def _stay_facts(stays: DataFrame) -> DataFrame:
    return stays.select(
        "source",
        F.col("id").alias("stay_id"),
        "patient_id",
        "hospital_id",
        "chain_id",
        "admission_date",
        "discharge_date",
        "diagnoses",
    )


def _indicator() -> Column:
    same = F.filter("diagnoses", lambda d: d["condition_id"] == F.col("condition_id"))
    return F.get(F.filter(F.transform(same, lambda d: d["present_on_admission"]), F.isnotnull), 0)
