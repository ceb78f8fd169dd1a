"""silver.encounter: what kind of visit, where, when, and how it ended."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from metriccare.fhir.concepts import categories, category, codings_of, first_code
from metriccare.fhir.dates import has_day, has_time, instant, lacks_offset, local_date
from metriccare.fhir.references import reference_id
from metriccare.schemas import FHIR_ENCOUNTER, SILVER_ENCOUNTER, conform
from metriccare.silver.resource import flags, parsed

ENTERED_IN_ERROR = "entered-in-error"
PRESENT_ON_ADMISSION = "qicore-encounter-diagnosisPresentOnAdmission"
DISPOSITION_PRECEDENCE = ("expired", "left_against_medical_advice", "acute_transfer")


def encounters(versions: DataFrame, timezone: str = "") -> DataFrame:
    """Type the newest Encounter versions.

    Args:
        versions: `newest(records, "Encounter")`.
        timezone: the hospitals' zone; empty takes dates as they are written.

    Returns:
        One row per encounter ever seen. `class_kind` is `acute_inpatient`, `nonacute_inpatient`,
        `not_inpatient`, or null for a class that no map knows; `disposition_class` is null where there is none.
    """
    r = parsed(versions, FHIR_ENCOUNTER)
    start, end = F.col("r.period.start"), F.col("r.period.end")
    dispositions = F.coalesce(F.col("r.hospitalization.dischargeDisposition.coding"), F.array())
    typed = (
        _who_and_where(r)
        .withColumn("class_kind", _class_kind())
        .withColumn("period_start", start)
        .withColumn("period_end", end)
        .withColumn("period_start_at", instant(start, timezone))
        .withColumn("period_end_at", instant(end, timezone))
        .withColumn("period_start_date", local_date(start, timezone))
        .withColumn("period_end_date", local_date(end, timezone))
        .withColumn("has_times", has_time(start) & has_time(end))
        .withColumn("disposition_code", F.get(dispositions, 0)["code"])
        .withColumn("disposition_class", _disposition(dispositions))
        .withColumn("diagnoses", _diagnoses())
        .withColumn("quality_flags", _quality(start, end, dispositions))
    )
    return conform(typed, SILVER_ENCOUNTER)


def _who_and_where(r: DataFrame) -> DataFrame:
    return (
        r.withColumn("status", F.col("r.status"))
        .withColumn("is_live", F.coalesce(F.col("status"), F.lit("")) != ENTERED_IN_ERROR)
        .withColumn("patient_id", reference_id(F.col("r.subject.reference")))
        .withColumn("part_of_id", reference_id(F.col("r.partOf.reference")))
        .withColumn("hospital_id", reference_id(F.col("r.serviceProvider.reference")))
        .withColumn("hospital_display", F.col("r.serviceProvider.display"))
        .withColumn("class_code", F.col("r.class.code"))
        .withColumn("types", codings_of(F.col("r.type")))
        .withColumn("priority_code", first_code(F.col("r.priority")))
        .withColumn("admit_source_code", first_code(F.col("r.hospitalization.admitSource")))
        .withColumn("re_admission_code", first_code(F.col("r.hospitalization.reAdmission")))
        .withColumn("reasons", codings_of(F.col("r.reasonCode")))
    )


def _class_kind() -> Column:
    """Class decides; the eCQMs' Encounter.type only where no map knows the class (MEASURES 0.1.1, 0.1.2)."""
    by_type = F.get(categories(F.col("types"), "encounter_type"), 0)
    return F.coalesce(category(F.col("r.class"), "encounter_class"), by_type)


def _disposition(codings: Column) -> Column:
    """First coding that maps wins; in a conflict expired, then against advice, then transfer (MEASURES 0.3)."""
    mapped = categories(codings, "discharge_disposition")
    by_precedence = [F.when(F.array_contains(mapped, name), F.lit(name)) for name in DISPOSITION_PRECEDENCE]
    unmapped = F.when(F.size(codings) > 0, F.lit("unknown"))
    return F.coalesce(*by_precedence, F.get(mapped, 0), unmapped)


def _diagnoses() -> Column:
    def entry(diagnosis: Column) -> Column:
        return F.struct(
            reference_id(diagnosis["condition"]["reference"]).alias("condition_id"),
            diagnosis["rank"].cast("int").alias("rank"),
            first_code(diagnosis["use"]).alias("use_code"),
            _present_on_admission(diagnosis["extension"]).alias("present_on_admission"),
        )

    return F.coalesce(F.transform(F.col("r.diagnosis"), entry), F.array())


def _present_on_admission(extensions: Column) -> Column:
    found = F.filter(extensions, lambda extension: extension["url"].endswith(PRESENT_ON_ADMISSION))
    return F.upper(first_code(F.get(found, 0)["valueCodeableConcept"]))


def _quality(start: Column, end: Column, dispositions: Column) -> Column:
    partial = [value.isNotNull() & ~has_day(value) for value in (start, end)]
    return flags(
        patient_missing=F.col("patient_id").isNull(),
        hospital_missing=F.col("hospital_id").isNull(),
        class_unmapped=F.col("class_kind").isNull(),
        period_start_missing=start.isNull(),
        period_partial=partial[0] | partial[1],
        period_without_offset=lacks_offset(start) | lacks_offset(end),
        period_reversed=F.col("period_end_at") < F.col("period_start_at"),
        part_of_itself=F.col("part_of_id") == F.col("id"),
        disposition_conflict=F.size(categories(dispositions, "discharge_disposition")) > 1,
        disposition_unmapped=F.col("disposition_class") == "unknown",
    )
