"""gold.run: the reconciliation of a run, counted in the tables, not by the process that wrote them.

Every input record is accepted, skipped or quarantined. Every accepted record is the current version of a resource (live
or a tombstone), an older version or a duplicate. Every live encounter is in a stay or has a reason why not. Every stay
is in a measure's denominator or excluded for a reason. If the counts do not add up, there is a bug.

A quarantined record that was replayed is not counted; the records that replaced it are.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import date, datetime

import pandas as pd
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from metriccare.definitions.decision_codes import EncounterOutcome
from metriccare.definitions.schemas import GOLD_RUN
from metriccare.definitions.schemas.contract import conform, struct_of
from metriccare.definitions.tables import QUARANTINE
from metriccare.errors import ReconciliationError
from metriccare.quality.replayed import KEY, replayed

Counts = dict[str, int]


@dataclass(frozen=True)
class Reconciliation:
    """The counts of one run; the fields are the columns of gold.run."""

    run_id: str
    run_at: datetime
    as_of: date
    definition_version: str
    is_synthetic: bool
    files: int
    records: int
    accepted: Counts
    skipped: Counts
    quarantined: Counts
    duplicates: Counts
    superseded: Counts
    tombstones: Counts
    live: Counts
    encounters: Counts
    stays: int
    results: int

    def check(self) -> None:
        """Check that the counts add up.

        Raises:
            ReconciliationError: they do not; the message lists all differences.
        """
        problems = [
            f"{name}: {found}, expected {expected}"
            for name, found, expected in self._sums()
            if found != expected
        ]
        if problems:
            raise ReconciliationError(
                f"The counts of run {self.run_id} do not add up ({'; '.join(problems)}). Do not use its "
                "results; keep the lake "
                "and report this."
            )

    def _sums(self) -> list[tuple[str, int, int]]:
        taken = sum(map(_total, (self.accepted, self.skipped, self.quarantined)))
        versions = [
            (
                f"accepted {kind}",
                count,
                sum(
                    part.get(kind, 0)
                    for part in (self.live, self.tombstones, self.superseded, self.duplicates)
                ),
            )
            for kind, count in self.accepted.items()
        ]
        live_encounters = ("live encounters", _total(self.encounters), self.live.get("Encounter", 0))
        return [("records", self.records, taken), *versions, live_encounters]

    def table(self) -> pd.DataFrame:
        """Return the reconciliation as a table with one line per kind of record."""
        columns = ("live", "tombstones", "superseded", "duplicates")
        lines = {
            kind: {"accepted": count, **{name: getattr(self, name).get(kind, 0) for name in columns}}
            for kind, count in sorted(self.accepted.items())
        }
        for name in ("skipped", "quarantined"):
            for kind, count in sorted(getattr(self, name).items()):
                lines[f"{name.replace('_', ' ')}: {kind}"] = {"accepted": 0, name.replace("_", " "): count}
        return pd.DataFrame.from_dict(lines, orient="index").fillna(0).astype(int)

    def to_frame(self, spark: SparkSession) -> DataFrame:
        """Return the one row of gold.run."""
        schema = struct_of(GOLD_RUN)
        values = asdict(self)
        row = tuple(values[name] for name in schema.names)
        return conform(spark.createDataFrame([row], schema), GOLD_RUN)


def reconcile(
    records: DataFrame,
    resources: dict[str, DataFrame],
    stays: DataFrame,
    results: DataFrame,
    *,
    run_id: str,
    run_at: datetime,
    as_of: date,
    definition_version: str,
) -> Reconciliation:
    """Count what every record, encounter and stay became.

    Args:
        records: bronze.record.
        resources: the silver tables by FHIR resource type.
        stays: silver.stay.
        results: gold.measure_result of this as_of.
        run_id: the run.
        run_at: when it ran, UTC.
        as_of: the cut-off date.
        definition_version: version of the rules.

    Raises:
        ReconciliationError: an encounter is in two stays, or the counts of a measure do not cover all stays.
    """
    with ThreadPoolExecutor() as pool:  # small queries, which Spark spends more time planning than running
        types = pool.submit(_by_type, records)
        replaced = pool.submit(lambda: replayed(records).count())
        reasons = pool.submit(_quarantined, records)
        files = pool.submit(lambda: records.select("file_version").distinct().count())
        states = {kind: pool.submit(_states, frame) for kind, frame in resources.items()}
        encounters = pool.submit(_encounters, resources["Encounter"], stays)
        synthetic = pool.submit(is_synthetic, resources["Patient"])
        stay_count = pool.submit(stays.count)
        by_measure = pool.submit(_stays_by_measure, results)
        result_count = pool.submit(results.count)
    by_type = types.result()
    accepted = {kind: row for kind, row in by_type.items() if kind in resources}
    _check_measures(by_measure.result(), stay_count.result())
    return Reconciliation(
        run_id=run_id,
        run_at=run_at,
        as_of=as_of,
        definition_version=definition_version,
        is_synthetic=synthetic.result(),
        files=files.result(),
        records=sum(row["records"] for row in by_type.values()) - replaced.result(),
        accepted={kind: row["records"] for kind, row in accepted.items()},
        skipped={k: row["records"] for k, row in by_type.items() if k not in {*resources, QUARANTINE}},
        quarantined=reasons.result(),
        duplicates={kind: row["records"] - row["bodies"] for kind, row in accepted.items()},
        superseded={kind: row["bodies"] - row["ids"] for kind, row in accepted.items()},
        tombstones={kind: counts.result()[1] for kind, counts in states.items()},
        live={kind: counts.result()[0] for kind, counts in states.items()},
        encounters=encounters.result(),
        stays=stay_count.result(),
        results=result_count.result(),
    )


def is_synthetic(patients: DataFrame) -> bool:
    """Return whether every patient is tagged as test data; False for a lake without patients."""
    row = patients.agg(F.min(F.col("is_synthetic").cast("int"))).collect()[0]
    return bool(row[0] == 1)


def _by_type(records: DataFrame) -> dict[str, Counts]:
    identity = F.struct("source", "resource_id")
    counted = records.groupBy("resource_type").agg(
        F.count(F.lit(1)).alias("records"),
        F.count_distinct(identity, F.col("body_sha256"), F.coalesce("last_updated", F.lit(""))).alias(
            "bodies"
        ),
        F.count_distinct(identity).alias("ids"),
    )
    return {row["resource_type"]: row.asDict() for row in counted.collect()}


def _quarantined(records: DataFrame) -> Counts:
    quarantined = records.filter(F.col("resource_type") == QUARANTINE)
    counted = quarantined.join(replayed(records), list(KEY), how="left_anti").groupBy("reason_code").count()
    return {row["reason_code"]: row["count"] for row in counted.collect()}


def _states(resources: DataFrame) -> tuple[int, int]:
    counts = {row["is_live"]: row["count"] for row in resources.groupBy("is_live").count().collect()}
    return counts.get(True, 0), counts.get(False, 0)


def _encounters(encounters: DataFrame, stays: DataFrame) -> Counts:
    """Count the live encounters by what they became: a member of a stay, or the reason why not."""
    members = stays.select("source", F.explode("encounter_ids").alias("id")).withColumn(
        "is_member", F.lit(True)
    )
    joined = encounters.filter("is_live").join(members, ["source", "id"], how="left")
    counted = joined.groupBy(_outcome().alias("outcome")).count().collect()
    return {row["outcome"]: row["count"] for row in counted}


def _outcome() -> Column:
    return (
        F.when(F.col("is_member"), F.lit(EncounterOutcome.IN_STAY))
        .when(F.col("class_kind").isNull(), F.lit(EncounterOutcome.CLASS_UNMAPPED))
        .when(F.col("class_kind") == "not_inpatient", F.lit(EncounterOutcome.NOT_INPATIENT))
        .when(F.col("part_of_id").isNotNull(), F.lit(EncounterOutcome.SEGMENT_OF_NO_STAY))
        .otherwise(F.concat(F.lit(f"{EncounterOutcome.STATUS}_"), F.coalesce("status", F.lit("missing"))))
    )


def _stays_by_measure(results: DataFrame) -> dict[str, float]:
    """Return denominator plus excluded stays, for every measure that counts stays, by profile."""
    excluded = F.aggregate(F.map_values("excluded"), F.lit(0).cast("bigint"), lambda a, b: a + b)
    of_stays = results.filter((F.col("stratum") == "all") & ~F.col("measure").contains("patient_days"))
    counted = of_stays.select("measure", "profile", (F.col("denominator") + excluded).alias("stays"))
    return {f"{row['measure']} ({row['profile']})": row["stays"] for row in counted.collect()}


def _check_measures(by_measure: dict[str, float], stay_count: int) -> None:
    """Excluded stays by reason and the denominator add up to all stays."""
    wrong = [name for name, stays in by_measure.items() if stays != stay_count]
    if wrong:
        raise ReconciliationError(
            f"Denominator plus excluded stays of {', '.join(wrong)} do not add up to {stay_count} stays. Do not "
            "use the "
            "results; keep the lake and report this."
        )


def _total(counts: Counts) -> int:
    return sum(counts.values())
