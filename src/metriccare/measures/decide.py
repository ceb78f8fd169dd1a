"""Decides stays by declared rules: each clause is evaluated once, however many measures and profiles ask for it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from metriccare.measures.clause import Exclusion, Rules, holds

_LAMBDA_VARIABLE = re.compile(r"\b([xyz])_\d+")


@dataclass(frozen=True)
class ProfileRules:
    """By what a profile decides.

    Attributes:
        common: the clauses that all measures share; a stay that passes them is in the initial population.
        measures: the rules of each measure by its name.
    """

    common: Sequence[Exclusion]
    measures: Mapping[str, Rules]


@dataclass
class _Columns:
    """Expressions that many rules share, each under one name."""

    prefix: str
    known: dict[str, tuple[str, Column]] = field(default_factory=dict)

    def name_of(self, expression: Column, about: str = "") -> str:
        key = about + _LAMBDA_VARIABLE.sub(r"\1", _text(expression))
        return self.known.setdefault(key, (f"_{self.prefix}{len(self.known)}", expression))[0]

    def all(self) -> dict[str, Column]:
        return dict(self.known.values())


def _text(expression: Column) -> str:
    text: str = expression._jc.expr().sql()  # toString() leaves out what is beyond maxToStringFields
    return text


def decide(
    stays: DataFrame, rules: Mapping[str, ProfileRules], kept: Callable[[], list[Column]]
) -> DataFrame:
    """Decide every stay for every profile and measure.

    Spark's planner would copy each condition to every place where it is used; so the conditions, then the lists
    of reasons, become columns of their own before the decisions are put together.

    Args:
        stays: one row per stay, with all that the clauses ask for.
        rules: by profile.
        kept: gives the columns of `stays` to keep.

    Returns:
        One row per stay and profile: the kept columns, `profile`, and a struct per measure.
    """
    clauses, evidence = _Columns("x"), _Columns("p")
    profiles = [_Profile(name, one, clauses, evidence) for name, one in rules.items()]
    facts = stays.withColumns({**clauses.all(), **evidence.all()})
    reasoned = facts.withColumns(
        {key: value for one in profiles for key, value in one.intermediate().items()}
    )
    decisions = F.explode(F.array(*(one.decisions() for one in profiles))).alias("_decided")
    return reasoned.select(*kept(), decisions).select("*", "_decided.*").drop("_decided")


@dataclass(frozen=True)
class _Named:
    """A clause whose condition and evidence are columns by now."""

    reason: str
    applies: str
    evidence: str | None


class _Profile:
    """One profile's rules, with their conditions and evidence as names of columns."""

    def __init__(self, name: str, rules: ProfileRules, clauses: _Columns, evidence: _Columns) -> None:
        self.name, self.rules = name, rules
        self.events = {key: clauses.name_of(holds(one.numerator)) for key, one in rules.measures.items()}
        self.evidence = {
            key: None if one.evidence is None else evidence.name_of(one.evidence)
            for key, one in rules.measures.items()
        }
        self.common = _named(rules.common, clauses, evidence)
        self.own = {key: _named(one.own, clauses, evidence) for key, one in rules.measures.items()}

    def intermediate(self) -> dict[str, Column]:
        """Return the columns that the decisions use more than once."""
        return {self._reasons(key): _reasons([*self.common, *own]) for key, own in self.own.items()} | {
            f"_common_{self.name}": F.size(_reasons(self.common)) == 0
        }

    def decisions(self) -> Column:
        """Return the struct of the profile's name and a decision per measure."""
        decided = (self._decision(key, one).alias(key) for key, one in self.rules.measures.items())
        return F.struct(F.lit(self.name).alias("profile"), *decided)

    def _reasons(self, key: str) -> str:
        return f"_reasons_{self.name}_{key}"

    def _decision(self, key: str, rules: Rules) -> Column:
        reasons = F.col(self._reasons(key))
        is_in = F.size(reasons) == 0
        counts = is_in & F.col(self.events[key])
        return F.struct(
            F.col(f"_common_{self.name}").alias("initial_population"),
            is_in.alias("denominator"),
            F.get(reasons, 0).alias("exclusion"),
            reasons.alias("exclusions"),
            counts.alias("numerator"),
            F.when(is_in, rules.value.cast("double")).alias("value"),
            rules.matures_on.alias("matures_on"),
            F.when(counts, rules.event_on).alias("event_on"),
            _evidence([*self.common, *self.own[key]], counts, self.evidence[key]).alias("evidence"),
        )


def _named(exclusions: Sequence[Exclusion], clauses: _Columns, evidence: _Columns) -> list[_Named]:
    return [
        _Named(
            one.reason,
            clauses.name_of(holds(one.applies), one.reason),
            None if one.evidence is None else evidence.name_of(one.evidence),
        )
        for one in exclusions
    ]


def _reasons(named: Sequence[_Named]) -> Column:
    found = (f"IF({one.applies}, '{one.reason}', NULL)" for one in named)
    return F.expr(f"array_compact(array({', '.join(found)}))")


def _evidence(named: Sequence[_Named], counts: Column, of_event: str | None) -> Column:
    """Return the evidence of every exclusion that applies, or that of the event, each resource once per role."""
    found = [F.expr(f"IF({one.applies}, {one.evidence}, NULL)") for one in named if one.evidence is not None]
    if of_event is not None:
        found.append(F.when(counts, F.col(of_event)))
    return F.array_distinct(F.flatten(F.array_compact(F.array(*found))))
