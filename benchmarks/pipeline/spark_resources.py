"""Plain Spark: the lines of FHIR files, and the newest version of each resource, typed by explicit schemas."""

from collections.abc import Sequence

from benchmarks.pipeline.spark_fhir import concepts, has_time, instant, keys, local_date, reference_id
from pyspark.sql import Column, DataFrame, SparkSession, Window
from pyspark.sql import functions as F

CODING = "STRUCT<system: STRING, code: STRING>"
CONCEPT = f"STRUCT<coding: ARRAY<{CODING}>>"
REFERENCE = "STRUCT<reference: STRING>"
LINE = """
    resourceType STRING, id STRING, meta STRUCT<lastUpdated: STRING, versionId: STRING>, type STRING,
    timestamp STRING, entry ARRAY<STRING>"""
ENTRY = "request STRUCT<method: STRING, url: STRING>, response STRUCT<lastModified: STRING>"
PATIENT = f"""
    birthDate STRING, gender STRING, deceasedBoolean STRING, deceasedDateTime STRING,
    link ARRAY<STRUCT<type: STRING, other: {REFERENCE}>>"""
ENCOUNTER = f"""
    status STRING, class {CODING}, type ARRAY<{CONCEPT}>, subject {REFERENCE}, partOf {REFERENCE},
    serviceProvider {REFERENCE}, period STRUCT<start: STRING, end: STRING>, reasonCode ARRAY<{CONCEPT}>,
    hospitalization STRUCT<admitSource: {CONCEPT}, dischargeDisposition: {CONCEPT}>,
    diagnosis ARRAY<STRUCT<condition: {REFERENCE}, rank: STRING, use: {CONCEPT},
        extension: ARRAY<STRUCT<url: STRING, valueCodeableConcept: {CONCEPT}>>>>"""
CONDITION = f"""
    subject {REFERENCE}, encounter {REFERENCE}, code {CONCEPT}, category ARRAY<{CONCEPT}>,
    verificationStatus {CONCEPT}, onsetDateTime STRING, onsetPeriod STRUCT<start: STRING>, recordedDate STRING"""

PRESENT_ON_ADMISSION = "qicore-encounter-diagnosisPresentOnAdmission"
ENTERED_IN_ERROR = "entered-in-error"


def lines(spark: SparkSession, files: Sequence[str]) -> DataFrame:
    """Return one row per line of the files: the line, and what says which version of which resource it is.

    A line that is not JSON has only nulls, and belongs to no resource.
    """
    name = F.regexp_extract(F.input_file_name(), ".*source=([^/]+)", 1)
    read = spark.read.text(list(files)).filter(F.trim("value") != "")
    return read.withColumn("r", F.from_json("value", LINE)).select(
        F.when(name == "", "default").otherwise(name).alias("source"),
        F.col("r.resourceType").alias("resource_type"),
        "r.id",
        F.col("r.meta.lastUpdated").alias("last_updated"),
        F.col("r.meta.versionId").alias("version_id"),
        F.sha2("value", 256).alias("sha256"),
        F.current_timestamp().alias("received_at"),
        F.when(F.col("r.resourceType") == "Bundle", F.col("r.type")).alias("bundle_type"),
        F.when(F.col("r.resourceType") == "Bundle", F.col("r.entry")).alias("entry"),
        F.when(F.col("r.resourceType") == "Bundle", F.col("r.timestamp")).alias("bundle_at"),
        F.col("value").alias("body"),
    )


def deletions(records: DataFrame, resource_types: Sequence[str]) -> DataFrame:
    """Return the entries of Bundles that only delete, as bulk export writes them: versions without a body.

    A Bundle that contains anything else, or a deletion by search, is refused as a whole.
    """
    bundles = records.filter("resource_type = 'Bundle' AND bundle_type IN ('transaction', 'batch')")
    entry, target = F.from_json("text", ENTRY), r"^([A-Za-z]+)/([^/?#\s]+)$"
    parts = (
        bundles.withColumn("bundle", F.monotonically_increasing_id())
        .withColumn("text", F.explode("entry"))
        .withColumn("e", entry)
        .withColumn("target_type", F.regexp_extract("e.request.url", target, 1))
        .withColumn("target_id", F.regexp_extract("e.request.url", target, 2))
    )
    is_deletion = (F.col("e.request.method") == "DELETE") & F.col("target_type").isin(*resource_types)
    whole = F.min(F.coalesce(is_deletion, F.lit(False))).over(Window.partitionBy("bundle"))
    stamps = [F.trim(name) for name in ("e.response.lastModified", "last_updated", "bundle_at")]
    return (
        parts.withColumn("is_whole", whole)
        .filter("is_whole")
        .select(
            "source",
            F.col("target_type").alias("resource_type"),
            F.col("target_id").alias("id"),
            F.coalesce(*(F.when(stamp != "", stamp) for stamp in stamps)).alias("last_updated"),
            F.sha2("text", 256).alias("sha256"),
            "received_at",
        )
    )


def newest(records: DataFrame, deleted: DataFrame, resource_type: str, schema: str) -> DataFrame:
    """Return the newest version of each resource of a type, with its fields in the struct `r`.

    Newest by `lastUpdated`, else the time of this run; then `versionId`; then the SHA-256 of the line.
    """
    is_number = F.col("version_id").rlike(r"^\d{1,20}$")
    order = Window.partitionBy("source", "id").orderBy(
        F.coalesce(instant(F.col("last_updated")), F.col("received_at")).desc(),
        F.when(is_number, F.col("version_id").cast("decimal(20, 0)")).otherwise(0).desc(),
        F.desc("sha256"),
    )
    versions = (
        records.filter(F.trim("id") != "")
        .withColumn("is_deleted", F.lit(False))
        .unionByName(deleted.withColumn("is_deleted", F.lit(True)), allowMissingColumns=True)
        .filter(F.col("resource_type") == resource_type)
    )
    ranked = versions.withColumn("place", F.row_number().over(order)).filter("place = 1")
    return ranked.withColumn("r", F.from_json("body", schema))


def patients(versions: DataFrame) -> DataFrame:
    """Return one row per patient."""
    replaced = F.filter("r.link", lambda link: link["type"] == "replaced-by")
    survivors = F.transform(replaced, lambda link: reference_id(link["other"]["reference"]))
    died = F.col("r.deceasedDateTime").isNotNull() | (F.col("r.deceasedBoolean") == "true")
    return versions.select(
        "source",
        "id",
        (~F.col("is_deleted")).alias("is_live"),
        "r.gender",
        local_date(F.col("r.birthDate")).alias("birth_date"),
        local_date(F.col("r.deceasedDateTime")).alias("death_date"),
        F.coalesce(died, F.lit(False)).alias("is_deceased"),
        F.array_min(survivors).alias("replaced_by_id"),
    )


def encounters(
    versions: DataFrame, classes: DataFrame, inpatient_types: Sequence[str], hospice_sources: Sequence[str]
) -> DataFrame:
    """Return one row per encounter; the keys of its codes are `system|code`, in the order of the resource."""
    kinds = classes.select(F.col("key").alias("class_key"), "category")
    by_type = F.exists(keys(concepts("r.type")), lambda key: key.isin(*inpatient_types))
    hospice = F.exists(
        keys(F.col("r.hospitalization.admitSource.coding")), lambda key: key.isin(*hospice_sources)
    )
    period = F.col("r.period")
    return (
        versions.withColumn("class_key", F.concat("r.class.system", F.lit("|"), "r.class.code"))
        .join(F.broadcast(kinds), "class_key", how="left")
        .select(
            "source",
            "id",
            "received_at",
            _is_live(F.col("r.status")),
            "r.status",
            reference_id(F.col("r.subject.reference")).alias("patient_id"),
            reference_id(F.col("r.partOf.reference")).alias("part_of_id"),
            reference_id(F.col("r.serviceProvider.reference")).alias("hospital_id"),
            F.coalesce("category", F.when(by_type, "acute_inpatient")).alias("class_kind"),
            *(instant(period[part]).alias(f"{part}_at") for part in ("start", "end")),
            *(local_date(period[part]).alias(f"{part}_date") for part in ("start", "end")),
            *(has_time(period[part]).alias(f"{part}_has_time") for part in ("start", "end")),
            hospice.alias("is_from_hospice"),
            keys(F.col("r.hospitalization.dischargeDisposition.coding")).alias("disposition_keys"),
            keys(concepts("r.reasonCode")).alias("reason_keys"),
            F.transform("r.diagnosis", _diagnosis).alias("diagnoses"),
        )
    )


def conditions(versions: DataFrame) -> DataFrame:
    """Return one row per condition; `event_date` is the earlier of onset and record (MEASURES 3.1.3)."""
    verification = F.col("r.verificationStatus.coding")[0]["code"]
    onset = F.coalesce("r.onsetDateTime", "r.onsetPeriod.start")
    return versions.select(
        "source",
        "id",
        _is_live(verification),
        reference_id(F.col("r.subject.reference")).alias("patient_id"),
        reference_id(F.col("r.encounter.reference")).alias("encounter_id"),
        keys(F.col("r.code.coding")).alias("keys"),
        F.transform(concepts("r.category"), lambda coding: coding["code"]).alias("category_codes"),
        verification.alias("verification_status"),
        F.least(local_date(onset), local_date(F.col("r.recordedDate"))).alias("event_date"),
    )


def survivors(patient: DataFrame) -> DataFrame:
    """Return the last patient of each chain of replaced ones; one whose links lead into a cycle has none.

    Each round doubles the number of links that are followed, so there are few, and none where nobody was replaced
    twice.
    """
    known = patient.filter("is_live AND replaced_by_id IS NOT NULL")
    links = known.select("source", F.col("id").alias("patient_id"), F.col("replaced_by_id").alias("reached"))
    links = links.localCheckpoint()
    for _ in range(links.count().bit_length()):
        further = links.select(
            "source", F.col("patient_id").alias("reached"), F.col("reached").alias("further")
        )
        if links.join(further, ["source", "reached"], how="left_semi").isEmpty():
            break
        joined = links.join(further, ["source", "reached"], how="left")
        links = joined.select(
            "source", "patient_id", F.coalesce("further", "reached").alias("reached")
        ).localCheckpoint()
    replaced = links.select("source", F.col("patient_id").alias("reached"))
    return links.join(replaced, ["source", "reached"], how="left_anti").withColumnRenamed(
        "reached", "survivor_id"
    )


def _is_live(status: Column) -> Column:
    is_error = F.coalesce(status == ENTERED_IN_ERROR, F.lit(False))
    return (~F.col("is_deleted") & ~is_error).alias("is_live")


def _diagnosis(entry: Column) -> Column:
    indicators = F.filter(entry["extension"], lambda found: found["url"].endswith(PRESENT_ON_ADMISSION))
    return F.struct(
        reference_id(entry["condition"]["reference"]).alias("condition_id"),
        entry["rank"].cast("int").alias("rank"),
        entry["use"]["coding"][0]["code"].alias("use_code"),
        F.upper(indicators[0]["valueCodeableConcept"]["coding"][0]["code"]).alias("present_on_admission"),
    )
