"""silver.patient: who was born when, and died when."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from metriccare.definitions.schemas import FHIR_PATIENT, SILVER_PATIENT
from metriccare.definitions.schemas.contract import conform
from metriccare.definitions.sources import NONE, Sources
from metriccare.fhir.dates import is_partial, is_unreadable, local_date
from metriccare.fhir.references import reference_id
from metriccare.silver.configured import zone
from metriccare.silver.resource import flags, is_deletion, parsed

TEST_DATA = ("http://terminology.hl7.org/CodeSystem/v3-ActReason", "HTEST")


def patients(versions: DataFrame, sources: Sources = NONE) -> DataFrame:
    """Type the newest Patient versions.

    Args:
        versions: `newest(records, "Patient")`.
        sources: what is configured; a patient's dates are in the zone of the source.

    Returns:
        One row per patient ever seen. Dates less precise than a day are null, with a flag. `death_date` is the
        view of the source; silver.stay has that of the hospital. `replaced_by_id` is the patient of the link of
        type replaced-by; of several different ones the first by the alphabet, with a flag.
    """
    r = parsed(versions, FHIR_PATIENT)
    birth, death = F.col("r.birthDate"), F.col("r.deceasedDateTime")
    typed = (
        r.withColumn("is_live", ~is_deletion())
        .withColumn("gender", F.col("r.gender"))
        .withColumn("birth_date_text", birth)
        .withColumn("birth_date", local_date(birth))
        .withColumn(
            "is_deceased", death.isNotNull() | (F.coalesce(F.col("r.deceasedBoolean"), F.lit("")) == "true")
        )
        .withColumn("death_date_text", death)
        .withColumn("death_date", local_date(death, zone(sources)))
        .withColumn("replaced_by_id", F.get(_replacing(), 0))
        .withColumn("is_synthetic", _is_test_data())
        .withColumn(
            "quality_flags",
            flags(
                birth_date_missing=birth.isNull(),
                birth_date_partial=is_partial(birth),
                birth_date_unreadable=is_unreadable(birth),
                replaced_by_several=F.size(_replacing()) > 1,
                death_date_partial=is_partial(death),
                death_date_unreadable=is_unreadable(death),
            ),
        )
    )
    return conform(typed, SILVER_PATIENT)


def _replacing() -> Column:
    """Return the ids of the patients that replace this one, in alphabetical order."""
    links = F.filter(F.col("r.link"), lambda link: link["type"] == "replaced-by")
    ids = F.transform(links, lambda link: reference_id(link["other"]["reference"]))
    return F.array_sort(F.array_distinct(F.array_compact(ids)))


def _is_test_data() -> Column:
    system, code = TEST_DATA
    marked = F.exists(F.col("r.meta.tag"), lambda tag: (tag["system"] == system) & (tag["code"] == code))
    return F.coalesce(marked, F.lit(False))
