"""silver.stay: one row per inpatient stay, joined with its patient and its diagnoses."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from metriccare.schemas import SILVER_STAY, conform
from metriccare.silver.chain import with_chain
from metriccare.silver.diagnosis import coded_diagnoses, principal
from metriccare.silver.overlap import merge_overlaps
from metriccare.silver.segment import segment_roots

INPATIENT_KINDS = ("acute_inpatient", "nonacute_inpatient")
CLOSED = ("finished",)
OPEN = ("in-progress", "onleave")
UNKNOWN = "unknown"


def stays(encounters: DataFrame, patients: DataFrame, conditions: DataFrame) -> DataFrame:
    """Make the inpatient stays.

    Args:
        encounters: silver.encounter; patients: silver.patient; conditions: silver.condition. Only live rows
            take part.
        patients: silver.patient.
        conditions: silver.condition.

    Returns:
        One row per live inpatient encounter that is no segment, same-hospital overlaps merged; open and undated
        ones included; also those whose patient is not known yet (`is_patient_known` is false).
    """
    live = encounters.filter("is_live")
    roots = segment_roots(live)
    candidates = with_status_that_counts(live).join(
        roots.select("source", "id"), ["source", "id"], how="left_anti"
    )
    diagnosed = candidates.join(
        coded_diagnoses(candidates, conditions.filter("is_live")), ["source", "id"], how="left"
    ).withColumn("principal_diagnosis", principal())
    merged = _columns(merge_overlaps(diagnosed))
    complete = _with_patient(_with_segments(merged, roots), patients.filter("is_live"))
    return conform(with_chain(complete), SILVER_STAY)


def with_status_that_counts(live: DataFrame) -> DataFrame:
    """Keep inpatient encounters that are or were a stay (MEASURES 0.1.1, 0.1.5).

    `planned`, `arrived` and `triaged` are none yet, `cancelled` never was; `unknown` counts with both dates.
    """
    dated = F.col("period_start_at").isNotNull() & F.col("period_end_at").isNotNull()
    counts = F.col("status").isin(*CLOSED, *OPEN) | ((F.col("status") == UNKNOWN) & dated)
    return live.filter(F.col("class_kind").isin(*INPATIENT_KINDS) & counts)


def _columns(merged: DataFrame) -> DataFrame:
    members = F.col("members")
    first, last = members[0], _last_to_end(members)
    is_open = F.exists(members, lambda m: m["status"].isin(*OPEN))
    return merged.select(
        "source",
        "id",
        "patient_id",
        F.transform(members, lambda m: m["id"]).alias("encounter_ids"),
        first["body_sha256"].alias("body_sha256"),
        first["hospital_id"].alias("hospital_id"),
        first["hospital_display"].alias("hospital_display"),
        first["class_code"].alias("class_code"),
        F.exists(members, lambda m: m["class_kind"] == INPATIENT_KINDS[0]).alias("is_acute"),
        is_open.alias("is_open"),
        first["period_start_at"].alias("admission_at"),
        first["period_start_date"].alias("admission_date"),
        F.when(~is_open, last["period_end_at"]).alias("discharge_at"),
        F.when(~is_open, last["period_end_date"]).alias("discharge_date"),
        F.forall(members, lambda m: F.coalesce(m["has_times"], F.lit(False))).alias("has_times"),
        first["priority_code"].alias("priority_code"),
        first["admit_source_code"].alias("admit_source_code"),
        last["disposition_class"].alias("disposition_class"),
        first["principal_diagnosis"].alias("principal_diagnosis"),
        F.flatten(F.transform(members, lambda m: F.coalesce(m["coded"], F.array()))).alias("diagnoses"),
        F.array_distinct(F.flatten(F.transform(members, lambda m: m["quality_flags"]))).alias(
            "quality_flags"
        ),
        first["received_at"].alias("received_at"),
    )


def _last_to_end(members: Column) -> Column:
    ends = F.transform(
        members,
        lambda m: F.struct(
            F.coalesce(m["period_end_at"], F.lit("0001-01-01").cast("timestamp")).alias("ends"),
            m["id"].alias("id"),
        ),
    )
    latest = F.array_max(ends)["id"]
    return F.get(F.filter(members, lambda m: m["id"] == latest), 0)


def _with_segments(merged: DataFrame, roots: DataFrame) -> DataFrame:
    """Add the ids of the segments of a stay's encounters, so that their conditions find the stay."""
    segments = roots.groupBy("source", "root_id").agg(F.sort_array(F.collect_list("id")).alias("segment_ids"))
    ids = merged.select("source", F.col("id").alias("stay_id"), F.explode("encounter_ids").alias("root_id"))
    found = ids.join(segments, ["source", "root_id"], how="inner")
    by_stay = found.groupBy("source", F.col("stay_id").alias("id")).agg(
        F.sort_array(F.flatten(F.collect_list("segment_ids"))).alias("segment_ids")
    )
    return merged.join(by_stay, ["source", "id"], how="left").withColumn(
        "encounter_ids", F.concat("encounter_ids", F.coalesce("segment_ids", F.array()))
    )


def _with_patient(merged: DataFrame, patients: DataFrame) -> DataFrame:
    known = patients.select(
        "source",
        F.col("id").alias("patient_id"),
        F.lit(True).alias("is_patient_known"),
        F.col("gender").alias("sex"),
        "birth_date",
        "is_deceased",
        "death_date",
    )
    joined = merged.join(known, ["source", "patient_id"], how="left")
    is_known = F.coalesce("is_patient_known", F.lit(False))
    age = completed_years(F.col("birth_date"), F.col("admission_date"))
    return joined.withColumn("is_patient_known", is_known).withColumn("age", age)


def completed_years(birth: Column, day: Column) -> Column:
    """Return the age in completed years on a day; who is born on 29 February has the birthday on 1 March else."""
    before_birthday = F.date_format(day, "MMdd") < F.date_format(birth, "MMdd")
    return F.year(day) - F.year(birth) - before_birthday.cast("int")
