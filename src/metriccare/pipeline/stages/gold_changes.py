"""What gold has to do: which patients silver has changed since, whether the cut moves, why all is decided anew."""

from dataclasses import dataclass
from datetime import date

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from metriccare import measures
from metriccare.definitions.tables import PATIENT_CHANGE, STAY
from metriccare.errors import LakeError
from metriccare.lake import tables, timeline
from metriccare.pipeline import fingerprints
from metriccare.pipeline.stage_writer import Stage
from metriccare.pipeline.stages.rebuild_reasons import why_rebuild
from metriccare.pipeline.stages.silver import ALL_SCOPE
from metriccare.settings import Lake


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
    rules: fingerprints.Rules

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
    now = fingerprints.gold_rules(measures.DEFINITION_VERSION)
    after, until = str(state.get("change_instant", "")), str(upstream["change_instant"])
    reasons = why_rebuild(spark, stage, state, PATIENT_CHANGE, "change_instant", now, full_refresh)
    if after and not reasons and after != until and _is_all(spark, stage.lake, after, until):
        reasons = ["silver was rebuilt"]
    stays = tables.read(spark, stage.lake, STAY)
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
    changes = timeline.read_between(spark, lake, PATIENT_CHANGE, after, until)
    return not changes.filter(F.col("scope") == ALL_SCOPE).isEmpty()
