"""Silver, brought up to date with the commits of bronze that it has not seen."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from metriccare import silver
from metriccare.definitions.sources import Sources
from metriccare.definitions.tables import PATIENT_CHANGE, RECORD, RESOURCES, STAY
from metriccare.errors import LakeError
from metriccare.lake import tables, timeline
from metriccare.pipeline import fingerprints
from metriccare.pipeline.stage_writer import Stage
from metriccare.pipeline.stages.rebuild_reasons import why_rebuild
from metriccare.runtime.parallel import run_parallel
from metriccare.settings import Lake
from metriccare.silver.change import (
    PATIENT_KEY,
    changed_versions,
    is_unstamped,
    newest_versions,
    touched_patients,
    with_relatives,
)

PATIENT_SCOPE, ORGANIZATION_SCOPE, ALL_SCOPE = (
    "patient",
    "organization",
    "all",
)  # the scopes of silver.patient_change


@dataclass(frozen=True)
class SilverNews:
    """What silver has to do.

    Attributes:
        after: the last commit of bronze that it has taken; empty for none.
        until: the newest commit of bronze.
        is_rebuild: all tables are made anew from all of bronze.
        reasons: why, in words; empty for the first build and for none.
        rules: what the rows will depend on besides the records, see `metriccare.pipeline.fingerprints`.
    """

    after: str
    until: str
    is_rebuild: bool
    reasons: tuple[str, ...]
    rules: fingerprints.Rules

    @property
    def is_empty(self) -> bool:
        """True if silver holds all of bronze already."""
        return not self.is_rebuild and self.after == self.until

    @property
    def sentence(self) -> str:
        """Say what is done and why."""
        if self.reasons:
            return f"Silver is rebuilt from all of bronze: {'; '.join(self.reasons)}."
        if self.is_rebuild:
            return "Silver is built from all of bronze for the first time."
        return "Nothing is new in bronze." if self.is_empty else "Silver takes what is new in bronze."


def silver_news(
    spark: SparkSession, stage: Stage, sources: Sources, *, full_refresh: bool = False
) -> SilverNews:
    """Find out what silver has to do.

    Raises:
        LakeError: there is no bronze table yet.
    """
    until = timeline.head(spark, stage.lake, RECORD)
    if not until:
        raise LakeError(
            f"The lake {stage.lake.root} has no bronze.record yet: run the notebook 02_bronze first."
        )
    state, now = stage.state(), fingerprints.silver_rules(sources)
    after = str(state.get("bronze_instant", ""))
    reasons = why_rebuild(spark, stage, state, RECORD, "bronze_instant", now, full_refresh)
    return SilverNews(after, until, not after or bool(reasons), tuple(reasons), now)


def refresh_resources(spark: SparkSession, stage: Stage, news: SilverNews, sources: Sources) -> None:
    """Write the resources that have another newest version, and before them whom that touches."""
    if news.is_empty:
        return
    if news.is_rebuild:
        _rebuild_resources(spark, stage, news, sources)
    else:
        _update_resources(spark, stage, news, sources)


def refresh_stays(spark: SparkSession, stage: Stage, news: SilverNews, sources: Sources) -> None:
    """Write the stays of the patients that changed since the stays were written last."""
    if news.is_empty:
        return
    resources = {kind: tables.read(spark, stage.lake, table) for kind, table in RESOURCES.items()}
    named = (resources["Encounter"], resources["Patient"], resources["Condition"])
    if news.is_rebuild:
        stays = silver.stays(*named, sources)
        tables.replace(stays, stage.lake, STAY, stage.run_id, guard=stage.check)
        return
    after, head = str(stage.state()["change_instant"]), timeline.head(spark, stage.lake, PATIENT_CHANGE)
    if after == head:
        return  # repetitions and older versions only
    touched = patients_between(spark, stage.lake, after, head)
    # Cut from where they come from: Spark would plan the reading of all tables again at each step.
    encounters, patients, conditions = run_parallel(
        rows.localCheckpoint for rows in of_touched(touched, *named)
    )
    links = silver.survivors(resources["Patient"])
    again = silver.stays(encounters, patients, conditions, sources, links)
    gone = silver.of_patients(tables.read(spark, stage.lake, STAY), F.broadcast(touched), "left_semi")
    tables.upsert(again, stage.lake, STAY, stage.run_id, gone=gone, guard=stage.check)


def note_silver(spark: SparkSession, stage: Stage, news: SilverNews) -> None:
    """Note in the ledger how far silver has come, after all its tables are written."""
    if not news.is_empty:
        head = timeline.head(spark, stage.lake, PATIENT_CHANGE)
        stage.note(
            {
                "bronze_instant": news.until,
                "change_instant": head,
                "rules": news.rules,
                "run_id": stage.run_id,
            }
        )


def _rebuild_resources(spark: SparkSession, stage: Stage, news: SilverNews, sources: Sources) -> None:
    stage.note(stage.state() | {"is_rebuilding": True})
    _announce(
        spark,
        stage,
        spark.createDataFrame([(ALL_SCOPE, None, None)], "scope STRING, source STRING, patient_id STRING"),
    )
    records = timeline.read_until(spark, stage.lake, RECORD, news.until)

    def replace(kind: str) -> None:
        typed = _typed(kind, silver.newest(records, kind), sources)
        tables.replace(typed, stage.lake, RESOURCES[kind], stage.run_id, guard=stage.check)

    run_parallel(partial(replace, kind) for kind in RESOURCES)


def _update_resources(spark: SparkSession, stage: Stage, news: SilverNews, sources: Sources) -> None:
    new = timeline.read_between(spark, stage.lake, RECORD, news.after, news.until).cache()
    known = timeline.read_until(spark, stage.lake, RECORD, news.until)
    current = {kind: tables.read(spark, stage.lake, table) for kind, table in RESOURCES.items()}

    def find(kind: str, has_unstamped: bool) -> tuple[str, DataFrame]:
        versions = newest_versions(new, known, kind, has_unstamped=has_unstamped)
        return kind, _typed(kind, changed_versions(versions, current[kind]), sources).localCheckpoint()

    found = run_parallel(partial(find, kind, unstamped) for kind, unstamped in _news_by_kind(new).items())
    changed = {kind: typed for kind, typed in found if not typed.isEmpty()}
    _announce_touched(spark, stage, changed, current)
    for kind, typed in changed.items():
        tables.upsert(typed, stage.lake, RESOURCES[kind], stage.run_id, guard=stage.check)
    new.unpersist()


def _news_by_kind(new: DataFrame) -> dict[str, bool]:
    """Return the resource types among the new records, and whether any record of the type is unstamped."""
    counted = (
        new.filter(F.col("resource_type").isin(*RESOURCES))
        .groupBy("resource_type")
        .agg(F.max(is_unstamped()).alias("has_unstamped"))
    )
    found = {row["resource_type"]: row["has_unstamped"] for row in counted.collect()}
    return {kind: found[kind] for kind in RESOURCES if kind in found}


def _typed(kind: str, versions: DataFrame, sources: Sources) -> DataFrame:
    make: dict[str, Callable[[DataFrame], DataFrame]] = {
        "Patient": partial(silver.patients, sources=sources),
        "Encounter": partial(silver.encounters, sources=sources),
        "Condition": partial(silver.conditions, sources=sources),
        "Organization": silver.organizations,
    }
    return make[kind](versions)


def _announce_touched(
    spark: SparkSession, stage: Stage, changed: dict[str, DataFrame], current: dict[str, DataFrame]
) -> None:
    """Write whom the change touches before the change: a run that dies in between can't forget them."""
    people = {kind: rows for kind, rows in changed.items() if kind != "Organization"}
    rows = spark.createDataFrame([], "scope STRING, source STRING, patient_id STRING")
    if people:
        links = [silver.survivors(found) for found in _links(changed, current["Patient"])]
        touched = with_relatives(touched_patients(people, current), links)
        rows = rows.unionByName(touched.withColumn("scope", F.lit(PATIENT_SCOPE)))
    if "Organization" in changed:
        named = changed["Organization"].select("source").distinct()
        rows = rows.unionByName(
            named.withColumns({"scope": F.lit(ORGANIZATION_SCOPE), "patient_id": F.lit(None).cast("string")})
        )
    if changed:
        _announce(spark, stage, rows)


def _links(changed: dict[str, DataFrame], patients: DataFrame) -> list[DataFrame]:
    """Return the patients that are replaced by others before the change, and after it if it touches patients."""
    before = patients.filter(F.col("replaced_by_id").isNotNull())
    if "Patient" not in changed:
        return [before]
    kept = patients.join(
        F.broadcast(changed["Patient"].select("source", "id")), ["source", "id"], "left_anti"
    )
    return [before, kept.unionByName(changed["Patient"]).filter(F.col("replaced_by_id").isNotNull())]


def _announce(spark: SparkSession, stage: Stage, rows: DataFrame) -> None:
    name = F.concat_ws("|", "scope", "source", "patient_id")  # a key may not be null
    noted = rows.withColumns({"id": name, "run_id": F.lit(stage.run_id)})
    tables.append(noted, stage.lake, PATIENT_CHANGE, stage.run_id, guard=stage.check)


def patients_between(spark: SparkSession, lake: Lake, after: str, until: str) -> DataFrame:
    """Return the patients that changed between two commits of silver.patient_change (`source`, `patient_id`)."""
    changes = timeline.read_between(spark, lake, PATIENT_CHANGE, after, until)
    return changes.filter(F.col("scope") == PATIENT_SCOPE).select(*PATIENT_KEY).distinct().localCheckpoint()


def of_touched(
    touched: DataFrame, encounters: DataFrame, patients: DataFrame, conditions: DataFrame
) -> tuple[DataFrame, DataFrame, DataFrame]:
    """Keep the resources of some patients; conditions without one too, since they may be of an encounter's patient."""
    wanted = F.broadcast(touched)
    people = silver.of_patients(patients.withColumn("patient_id", F.col("id")), wanted, "left_semi")
    named = conditions.filter(F.col("patient_id").isNotNull())
    nobodys = conditions.filter(F.col("patient_id").isNull())
    return (
        silver.of_patients(encounters, wanted, "left_semi"),
        people.drop("patient_id"),
        silver.of_patients(named, wanted, "left_semi").unionByName(nobodys),
    )
