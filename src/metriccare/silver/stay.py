"""silver.stay: one row per inpatient stay, joined with its patient and its diagnoses."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from metriccare.definitions.schemas import SILVER_STAY
from metriccare.definitions.schemas.contract import conform
from metriccare.definitions.sources import NONE, Sources
from metriccare.definitions.value_sets import codes
from metriccare.fhir.concepts import categories, category
from metriccare.fhir.dates import has_time, local_date
from metriccare.silver.chain import with_chain
from metriccare.silver.configured import is_cancer_hospital, is_set
from metriccare.silver.diagnosis import coded_diagnoses, principal
from metriccare.silver.emergency import with_emergency_start
from metriccare.silver.merge import survivors, with_survivor
from metriccare.silver.overlap import merge_overlaps
from metriccare.silver.segment import segment_roots

INPATIENT_KINDS = ("acute_inpatient", "nonacute_inpatient")
CLOSED, OPEN, CLOSED_IF_DATED = (
    codes("encounter_status", kind) for kind in ("closed", "open", "closed_if_dated")
)
PRIORITY_SYSTEM = "http://terminology.hl7.org/CodeSystem/v3-ActPriority"


def stays(
    encounters: DataFrame,
    patients: DataFrame,
    conditions: DataFrame,
    sources: Sources = NONE,
    links: DataFrame | None = None,
) -> DataFrame:
    """Make the inpatient stays.

    Args:
        encounters: silver.encounter; only live rows take part, here and below.
        patients: silver.patient.
        conditions: silver.condition.
        sources: what is configured; the zones are in the encounters already.
        links: of `survivors`, where `patients` are only some of those they were made of.

    Returns:
        One row per live inpatient encounter that is no segment, same-hospital overlaps merged; open and undated
        ones included; also those whose patient is not known yet, or deleted (`is_patient_known` is false).
        `patient_id` is the survivor's where patients were merged, and so are sex, birth and death. A row depends
        on the records of its own patient only. All its dates, the death date among them, are in the zone of its
        hospital (`timezone`, null for as written).
    """
    links = survivors(patients) if links is None else links
    live = with_survivor(encounters.filter("is_live"), links)
    roots = segment_roots(live)
    candidates = with_status_that_counts(live).join(
        roots.select("source", "id"), ["source", "id"], how="left_anti"
    )
    diagnosed = candidates.join(
        coded_diagnoses(candidates, with_survivor(conditions.filter("is_live"), links)),
        ["source", "id"],
        how="left",
    ).withColumn("principal", principal())
    joined = _columns(merge_overlaps(diagnosed))
    complete = _with_patient(_with_segments(joined, roots), patients.filter("is_live")).withColumns(
        {
            "has_dispositions": is_set(sources, "has_dispositions"),
            "is_cancer_hospital": is_cancer_hospital(sources, F.col("hospital_id")),
        }
    )
    return conform(with_emergency_start(with_chain(complete), live), SILVER_STAY)


def with_status_that_counts(live: DataFrame) -> DataFrame:
    """Keep inpatient encounters that are or were a stay (MEASURES 0.1.1, 0.1.5).

    `planned`, `arrived` and `triaged` are none yet, `cancelled` never was; `unknown` counts with both dates.
    """
    dated = F.col("period_start_at").isNotNull() & F.col("period_end_at").isNotNull()
    counts = F.col("status").isin(*CLOSED, *OPEN) | (F.col("status").isin(*CLOSED_IF_DATED) & dated)
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
        first["timezone"].alias("timezone"),
        (has_time(first["period_start"]) & has_time(last["period_end"])).alias("has_times"),
        first["priority_code"].alias("priority_code"),
        first["admit_source_code"].alias("admit_source_code"),
        F.get(categories(first["admit_sources"], "admit_source"), 0).alias("admit_source_class"),
        last["disposition_class"].alias("disposition_class"),
        _is_elective(first).alias("is_elective"),
        F.get(first["principal"]["codings"], 0).alias("principal_diagnosis"),
        first["principal"]["codings"].alias("principal_codings"),
        _condition_of(first["principal"]).alias("principal_condition"),
        F.flatten(F.transform(members, lambda m: F.coalesce(m["coded"], F.array()))).alias("diagnoses"),
        F.array_distinct(F.flatten(F.transform(members, lambda m: m["quality_flags"]))).alias(
            "quality_flags"
        ),
        first["received_at"].alias("received_at"),
    )


def _is_elective(encounter: Column) -> Column:
    """True for an admission that was arranged: by its priority or its type (MEASURES 1.3, planned_proxy)."""
    priority = F.struct(
        F.lit(PRIORITY_SYSTEM).alias("system"),
        encounter["priority_code"].alias("code"),
        F.lit(None).cast("string").alias("display"),
    )
    said = F.concat(F.coalesce(encounter["types"], F.array()), F.array(priority))
    return F.exists(said, lambda coding: category(coding, "elective_admission").isNotNull())


def _condition_of(principal: Column) -> Column:
    named = F.struct(principal["condition_id"].alias("id"), principal["body_sha256"].alias("body_sha256"))
    return F.when(principal["condition_id"].isNotNull(), named)


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
    """Add the ids of the patient's segments of a stay's encounters, so that their conditions find the stay."""
    root = ["source", "patient_id", "root_id"]
    segments = roots.groupBy(*root).agg(F.sort_array(F.collect_list("id")).alias("segment_ids"))
    ids = merged.select(
        "source", "patient_id", F.col("id").alias("stay_id"), F.explode("encounter_ids").alias("root_id")
    )
    found = ids.join(segments, root, how="inner")
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
        "death_date_text",
        F.col("body_sha256").alias("patient_sha256"),
    )
    joined = merged.join(known, ["source", "patient_id"], how="left")
    is_known = F.coalesce("is_patient_known", F.lit(False))
    age = completed_years(F.col("birth_date"), F.col("admission_date"))
    death_date = local_date(F.col("death_date_text"), F.col("timezone"))
    return joined.withColumns({"is_patient_known": is_known, "age": age, "death_date": death_date})


def completed_years(birth: Column, day: Column) -> Column:
    """Return the age in completed years on a day; who is born on 29 February has the birthday on 1 March else."""
    before_birthday = F.date_format(day, "MMdd") < F.date_format(birth, "MMdd")
    return F.year(day) - F.year(birth) - before_birthday.cast("int")
