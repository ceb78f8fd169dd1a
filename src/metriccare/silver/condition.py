"""silver.condition: which diagnosis, of which encounter, since when."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from metriccare.definitions.schemas import FHIR_CONDITION, SILVER_CONDITION
from metriccare.definitions.schemas.contract import conform
from metriccare.definitions.sources import NONE, Sources
from metriccare.fhir.concepts import codings_of, first_code
from metriccare.fhir.dates import is_partial, is_unreadable, local_date
from metriccare.fhir.references import reference_id
from metriccare.silver.configured import zone
from metriccare.silver.resource import flags, is_deletion, parsed

ENTERED_IN_ERROR = "entered-in-error"


def conditions(versions: DataFrame, sources: Sources = NONE) -> DataFrame:
    """Type the newest Condition versions.

    Args:
        versions: `newest(records, "Condition")`.
        sources: what is configured; a condition's dates are in the zone of the source.

    Returns:
        One row per condition ever seen. `event_date` is the earlier of the usable onset (`onsetDateTime`, else
        `onsetPeriod.start`) and `recordedDate` (MEASURES 3.1.3); `onsetAge`, `onsetString` and `onsetRange`
        give none. These dates are the view of the source; the measures take those of the stay's hospital.
    """
    r, timezone = parsed(versions, FHIR_CONDITION), zone(sources)
    onset = F.coalesce(F.col("r.onsetDateTime"), F.col("r.onsetPeriod.start"))
    onset_date = local_date(onset, timezone)
    recorded_date = local_date(F.col("r.recordedDate"), timezone)
    abatement_date = local_date(F.col("r.abatementDateTime"), timezone)
    verification = first_code(F.col("r.verificationStatus"))
    typed = (
        r.withColumn("is_live", (F.coalesce(verification, F.lit("")) != ENTERED_IN_ERROR) & ~is_deletion())
        .withColumn("patient_id", reference_id(F.col("r.subject.reference")))
        .withColumn("encounter_id", reference_id(F.col("r.encounter.reference")))
        .withColumn("codings", F.coalesce(F.col("r.code.coding"), F.array()))
        .withColumn("category_codes", _codes(F.col("r.category")))
        .withColumn("clinical_status", first_code(F.col("r.clinicalStatus")))
        .withColumn("verification_status", verification)
        .withColumn("onset", onset)
        .withColumn("onset_date", onset_date)
        .withColumn("recorded", F.col("r.recordedDate"))
        .withColumn("recorded_date", recorded_date)
        .withColumn("abatement_date", abatement_date)
        .withColumn("event_date", F.least(onset_date, recorded_date))
        .withColumn(
            "quality_flags",
            flags(
                onset_partial=is_partial(onset),
                onset_unreadable=is_unreadable(onset),
                recorded_unreadable=is_unreadable(F.col("r.recordedDate")),
                recorded_before_onset=recorded_date < onset_date,
                abatement_before_onset=abatement_date < onset_date,
                encounter_missing=F.col("r.encounter.reference").isNull(),
            ),
        )
    )
    return conform(typed, SILVER_CONDITION)


def _codes(concepts: Column) -> Column:
    return F.transform(codings_of(concepts), lambda coding: coding["code"])
