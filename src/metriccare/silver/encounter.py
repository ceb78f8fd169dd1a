"""silver.encounter: what kind of visit, where, when, and how it ended."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from metriccare.definitions.schemas import FHIR_ENCOUNTER, SILVER_ENCOUNTER
from metriccare.definitions.schemas.contract import conform
from metriccare.definitions.sources import NONE, Sources
from metriccare.fhir.concepts import categories, category, codings_of, first_code
from metriccare.fhir.dates import has_time, instant, is_partial, is_unreadable, lacks_offset, local_date
from metriccare.fhir.references import reference_id
from metriccare.silver.configured import hospital_of, is_set, own_codes, zone, zone_name
from metriccare.silver.resource import flags, is_deletion, parsed

ENTERED_IN_ERROR = "entered-in-error"
PRESENT_ON_ADMISSION = "qicore-encounter-diagnosisPresentOnAdmission"
NOT_INPATIENT = "not_inpatient"
DISPOSITION_PRECEDENCE = ("expired", "left_against_medical_advice", "acute_transfer")


def encounters(versions: DataFrame, sources: Sources = NONE) -> DataFrame:
    """Type the newest Encounter versions.

    Args:
        versions: `newest(records, "Encounter")`.
        sources: what is configured: zones, code maps, aliases of hospitals.

    Returns:
        One row per encounter ever seen. `class_kind` is `acute_inpatient`, `nonacute_inpatient`,
        `not_inpatient`, or null for a class that no map knows; `disposition_class` is null where there is none.
        Dates are in the zone of the hospital; `timezone` says which, null for as written.
    """
    # Few steps with many columns each: Spark analyses the whole query again at every step.
    placed = parsed(versions, FHIR_ENCOUNTER).withColumns(_who_and_where(sources))
    mapped = placed.withColumns(_mapped(sources))
    decided = mapped.withColumns({"disposition_class": _disposition(), **_period(sources)})
    return conform(decided.withColumn("quality_flags", _quality()), SILVER_ENCOUNTER)


def _who_and_where(sources: Sources) -> dict[str, Column]:
    hospitalization = F.col("r.hospitalization")
    dispositions = _codings(hospitalization["dischargeDisposition"])
    return {
        "status": F.col("r.status"),
        "is_live": (F.coalesce(F.col("r.status"), F.lit("")) != ENTERED_IN_ERROR) & ~is_deletion(),
        "patient_id": reference_id(F.col("r.subject.reference")),
        "part_of_id": reference_id(F.col("r.partOf.reference")),
        "hospital_id": hospital_of(sources, reference_id(F.col("r.serviceProvider.reference"))),
        "hospital_display": F.col("r.serviceProvider.display"),
        "class_system": F.col("r.class.system"),
        "class_code": F.col("r.class.code"),
        "class_display": F.col("r.class.display"),
        "types": codings_of(F.col("r.type")),
        "priority_code": first_code(F.col("r.priority")),
        "admit_source_code": first_code(hospitalization["admitSource"]),
        "admit_sources": _codings(hospitalization["admitSource"]),
        "disposition_code": F.get(dispositions, 0)["code"],
        "dispositions": dispositions,
        "re_admission_code": first_code(hospitalization["reAdmission"]),
        "reasons": codings_of(F.col("r.reasonCode")),
        "diagnoses": _diagnoses(),
        "period_start": F.col("r.period.start"),
        "period_end": F.col("r.period.end"),
    }


def _mapped(sources: Sources) -> dict[str, Column]:
    own = own_codes(sources, "disposition_map")
    return {
        "class_kind": _class_kind(sources),
        "mapped_dispositions": categories(F.col("dispositions"), "discharge_disposition", own=own),
        "timezone": zone_name(zone(sources, F.col("hospital_id"))),
    }


def _period(sources: Sources) -> dict[str, Column]:
    """Return the instants and the local dates; the column `timezone` is there already."""
    found = zone(sources, F.col("hospital_id"))
    timezone = found if isinstance(found, str) else F.col("timezone")
    start, end = F.col("period_start"), F.col("period_end")
    return {
        "period_start_at": instant(start, timezone),
        "period_end_at": instant(end, timezone),
        "period_start_date": local_date(start, timezone),
        "period_end_date": local_date(end, timezone),
        "has_times": has_time(start) & has_time(end),
    }


def _codings(concept: Column) -> Column:
    return F.coalesce(concept["coding"], F.array())


def _class_kind(sources: Sources) -> Column:
    """Class decides (MEASURES 0.1.1), by the source's own map, then ours (0.1.4).

    The eCQMs' Encounter.type decides where no map knows the class; where the source says so, it also makes an
    inpatient of a class that is none (0.1.2).
    """
    by_class = category(F.col("r.class"), "encounter_class", own=own_codes(sources, "class_map"))
    by_type = F.get(categories(F.col("types"), "encounter_type"), 0)
    by_class_first = F.coalesce(by_class, by_type)
    if not any(source.inpatient_by_type for source in sources.by_name.values()):
        return by_class_first
    is_outvoted = is_set(sources, "inpatient_by_type") & (by_class == NOT_INPATIENT)
    return F.when(is_outvoted, F.coalesce(by_type, by_class)).otherwise(by_class_first)


def _disposition() -> Column:
    """First coding that maps wins; in a conflict expired, then against advice, then transfer (MEASURES 0.3)."""
    ranked = [
        F.when(F.array_contains("mapped_dispositions", name), F.lit(name)) for name in DISPOSITION_PRECEDENCE
    ]
    unmapped = F.when(F.size("dispositions") > 0, F.lit("unknown"))
    return F.coalesce(*ranked, F.get("mapped_dispositions", F.lit(0)), unmapped)


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


def _quality() -> Column:
    start, end = F.col("period_start"), F.col("period_end")
    return flags(
        patient_missing=F.col("patient_id").isNull(),
        hospital_missing=F.col("hospital_id").isNull(),
        class_unmapped=F.col("class_kind").isNull(),
        period_start_missing=start.isNull(),
        period_partial=is_partial(start) | is_partial(end),
        period_unreadable=is_unreadable(start) | is_unreadable(end),
        period_without_offset=lacks_offset(start) | lacks_offset(end),
        period_reversed=F.col("period_end_at") < F.col("period_start_at"),
        part_of_itself=F.col("part_of_id") == F.col("id"),
        disposition_conflict=F.size("mapped_dispositions") > 1,
        disposition_unmapped=(F.size("dispositions") > 0) & (F.size("mapped_dispositions") == 0),
    )
