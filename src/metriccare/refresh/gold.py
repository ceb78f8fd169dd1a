"""Gold, brought up to date with silver: the decisions of the patients touched, then the numbers over all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from metriccare import measures, quality, rules, silver, tables, timeline
from metriccare.at_once import at_once
from metriccare.errors import LakeError
from metriccare.refresh.reason import why_rebuild
from metriccare.refresh.silver import ALL, BRONZE, CHANGES, KINDS, of_touched, patients_between
from metriccare.settings import Lake
from metriccare.silver.change import PATIENT_KEY, with_relatives
from metriccare.sources import Sources
from metriccare.stage import Stage

BY_STAY = ("infection_event", "stay_measure", "patient_day")


@dataclass(frozen=True)
class GoldNews:
    """What gold has to do.

    Attributes:
        after: the last commit of silver.patient_change that it has taken; empty for none.
        until: the newest one.
        bronze_instant: up to which commit of bronze silver has read.
        as_of: the cut in event time.
        requested: the cut that was asked for; empty for the newest discharge.
        stood: the other cuts that rows of gold may stand at; what is later than the earliest is decided anew.
        is_rebuild: all stays are decided anew.
        has_news: bronze has grown, if only by repetitions.
        reasons: why all is decided anew, in words; empty for the first time and for none.
        rules: what the rows will depend on besides silver.
    """

    after: str
    until: str
    bronze_instant: str
    as_of: date
    requested: str
    stood: tuple[date, ...]
    is_rebuild: bool
    has_news: bool
    reasons: tuple[str, ...]
    rules: rules.Rules

    @property
    def is_moved(self) -> bool:
        """True if rows stand at another cut than the one wanted."""
        return bool(self.stood)

    @property
    def has_changes(self) -> bool:
        """True if a number may change."""
        return self.is_rebuild or self.is_moved or self.after != self.until

    @property
    def sentence(self) -> str:
        """Say what is done and why."""
        if self.reasons:
            return f"All stays are decided anew: {'; '.join(self.reasons)}."
        if self.is_rebuild:
            return "All stays are decided for the first time."
        if not self.has_changes:
            return "Silver has not changed: all decisions stand."
        moved = f", and what is later than {self.since}, since as_of moves" if self.is_moved else ""
        return f"The stays of the patients that changed are decided anew{moved}."

    @property
    def since(self) -> date:
        """The earliest cut at which rows of gold may stand, the new one included."""
        return min((self.as_of, *self.stood))


def gold_news(spark: SparkSession, stage: Stage, as_of: str = "", *, full_refresh: bool = False) -> GoldNews:
    """Find out what gold has to do.

    Args:
        spark: the session.
        stage: gold.
        as_of: the cut, as YYYY-MM-DD; empty means the newest discharge.
        full_refresh: decide all stays anew.

    Raises:
        LakeError: silver has not come to its end yet, or there is no usable discharge date.
    """
    upstream, state = stage.ledger.state("silver"), stage.state()
    if not upstream or upstream.get("is_rebuilding"):
        raise LakeError(
            f"Silver of the lake {stage.lake.root} is not complete: run `metriccare run`, or the notebook 03_silver."
        )
    now = rules.gold_rules(measures.DEFINITION_VERSION)
    after, until = str(state.get("change_instant", "")), str(upstream["change_instant"])
    reasons = why_rebuild(spark, stage, state, CHANGES, "change_instant", now, full_refresh)
    if after and not reasons and after != until and _is_all(spark, stage.lake, after, until):
        reasons = ["silver was rebuilt"]
    stays = tables.read(spark, stage.lake, "silver", "stay")
    cut = date.fromisoformat(as_of) if as_of else measures.default_as_of(stays)
    days = (date.fromisoformat(day) for day in (state.get("as_of"), *state.get("moving", ())) if day)
    return GoldNews(
        after=after,
        until=until,
        bronze_instant=str(upstream["bronze_instant"]),
        as_of=cut,
        requested=as_of,
        stood=tuple(sorted({day for day in days if day != cut})),
        is_rebuild=not after or bool(reasons),
        has_news=state.get("bronze_instant") != upstream["bronze_instant"],
        reasons=tuple(reasons),
        rules=now,
    )


def refresh_decisions(spark: SparkSession, stage: Stage, news: GoldNews, sources: Sources) -> None:
    """Decide the stays of the patients that the news touch, and count their days in hospital."""
    if not news.has_changes:
        return
    _note_move(stage, news)
    stays, named = tables.read(spark, stage.lake, "silver", "stay"), _named(spark, stage.lake)
    links = silver.survivors(named[1])
    if not news.is_rebuild:
        people = _patients(spark, stage.lake, news, stays, named[2], links).localCheckpoint()
        # Cut from where they come from: Spark would plan the reading of all tables again at each step.
        theirs = silver.of_patients(stays, F.broadcast(people), "left_semi")
        cut = (theirs, *of_touched(people, *named))
        stays, encounters, patients, conditions = at_once(rows.localCheckpoint for rows in cut)
        named = encounters, patients, conditions
    seen = silver.stays_at(news.as_of, stays, *named, sources, links)
    known = seen.stays.localCheckpoint()
    write = _replace(stage) if news.is_rebuild else _upsert(spark, stage, people)
    events = measures.infection_events(known, seen.conditions, measures.PROFILES, stage.run_id)
    events = events.localCheckpoint()

    def decisions() -> None:
        decided = measures.stay_measures(known, events, measures.PROFILES, stage.run_id, seen.later)
        write(decided, "stay_measure")

    def infections() -> None:
        write(events, "infection_event")

    def census() -> None:
        write(measures.patient_days(known, news.as_of, stage.run_id), "patient_day")

    at_once((decisions, infections, census))


def refresh_results(
    spark: SparkSession, stage: Stage, news: GoldNews, run_at: datetime
) -> quality.Reconciliation:
    """Sum the numbers, account for every piece of input, and publish; return the account.

    Raises:
        ReconciliationError: it does not add up; nothing is published.
    """
    lake, run = stage.lake, stage.run_id
    resources = {kind: tables.read(spark, lake, "silver", kind.lower()) for kind in KINDS}
    stays = tables.read(spark, lake, "silver", "stay")
    if news.has_changes:
        _sum_up(spark, stage, news, resources, stays)
    results = tables.read(spark, lake, "gold", "measure_result").filter(F.col("as_of") == F.lit(news.as_of))
    account = quality.reconcile(
        timeline.read_until(spark, lake, *BRONZE, news.bronze_instant),
        resources,
        stays,
        results,
        run_id=run,
        run_at=run_at,
        as_of=news.as_of,
        definition_version=measures.DEFINITION_VERSION,
    )
    account.check()
    if news.has_changes:
        shown = measures.published(results, account.is_synthetic)
        tables.replace_partitions(shown, lake, "gold", "measure_published", run, guard=stage.check)
    if news.has_changes or news.has_news:
        tables.append(account.to_frame(spark), lake, "gold", "run", run, guard=stage.check)
    return account


def _sum_up(
    spark: SparkSession, stage: Stage, news: GoldNews, resources: Mapping[str, DataFrame], stays: DataFrame
) -> None:
    """Write what is counted over all rows: the results, what the data support, the codes that no map knows."""
    lake, run = stage.lake, stage.run_id
    events, decided, days = (tables.read(spark, lake, "gold", name) for name in BY_STAY)
    write = _replace(stage)

    def results() -> None:
        rows = measures.measure_results(
            decided, events, days, stays, resources["Organization"], news.as_of, run
        )
        tables.replace_partitions(rows, lake, "gold", "measure_result", run, guard=stage.check)

    def coverage() -> None:
        write(quality.coverage(resources, stays, events, run), "coverage")

    def unmapped() -> None:
        write(quality.unmapped_codes(resources["Encounter"], stays, run), "unmapped_code")

    at_once((results, coverage, unmapped))


def note_gold(stage: Stage, news: GoldNews) -> None:
    """Note in the ledger how far gold has come, after all its tables are written."""
    if news.has_changes or news.has_news:
        stage.note(
            {
                "change_instant": news.until,
                "bronze_instant": news.bronze_instant,
                "as_of": str(news.as_of),
                "requested": news.requested,
                "rules": news.rules,
                "run_id": stage.run_id,
            }
        )


def _is_all(spark: SparkSession, lake: Lake, after: str, until: str) -> bool:
    changes = timeline.read_between(spark, lake, *CHANGES, after, until)
    return not changes.filter(F.col("scope") == ALL).isEmpty()


def _named(spark: SparkSession, lake: Lake) -> tuple[DataFrame, DataFrame, DataFrame]:
    encounters, patients, conditions = (
        tables.read(spark, lake, "silver", name) for name in ("encounter", "patient", "condition")
    )
    return encounters, patients, conditions


def _note_move(stage: Stage, news: GoldNews) -> None:
    """Note at which cuts rows may stand from now on, and that a rebuild has begun: the run may be killed."""
    state = stage.state()
    cuts = sorted({str(day) for day in (*news.stood, news.as_of)})
    stage.note(state | {"moving": cuts} | ({"is_rebuilding": True} if news.is_rebuild else {}))


def _patients(
    spark: SparkSession,
    lake: Lake,
    news: GoldNews,
    stays: DataFrame,
    conditions: DataFrame,
    links: DataFrame | None,
) -> DataFrame:
    """Return those that silver has changed, and those whom the cut moves: with later facts, or still in hospital."""
    nobody = spark.createDataFrame([], "source STRING, patient_id STRING")
    changed = nobody if news.after == news.until else patients_between(spark, lake, news.after, news.until)
    if not news.is_moved:
        return changed
    resolved = silver.with_survivor(conditions, links)
    later = silver.patients_with_later_facts(stays, resolved, F.lit(news.since))
    inside = stays.filter("is_open").select(*PATIENT_KEY)
    moved = changed.unionByName(later.select(*PATIENT_KEY)).unionByName(inside).distinct()
    return with_relatives(moved, [links])  # stays name the survivors, resources all of a family


def _replace(stage: Stage) -> Callable[[DataFrame, str], None]:
    def write(rows: DataFrame, name: str) -> None:
        tables.replace(rows, stage.lake, "gold", name, stage.run_id, guard=stage.check)

    return write


def _upsert(spark: SparkSession, stage: Stage, people: DataFrame) -> Callable[[DataFrame, str], None]:
    def write(rows: DataFrame, name: str) -> None:
        held = silver.of_patients(
            tables.read(spark, stage.lake, "gold", name), F.broadcast(people), "left_semi"
        )
        tables.upsert(rows, stage.lake, "gold", name, stage.run_id, gone=held, guard=stage.check)

    return write
