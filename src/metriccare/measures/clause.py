"""What a clause of a measure is, and what a measure decides by: plain declarations, which `decide` makes SQL of.

Conditions, values and dates are texts in DuckDB's SQL over the columns of the table `fact`: what is known of a stay,
and the columns of the profile that it is decided for (`fact/fact.sql`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Exclusion:
    """One clause that takes a stay out.

    Attributes:
        reason: the code that is stored.
        condition: when it applies; a condition that can't be decided (null) does not apply.
        evidence: the resources that decided, see `evidence.of_resource`; empty for none.
        source: the clause of the specification.
        number: what `N` stands for in the reason, for a profile that sets it; empty for a reason without `N`.
    """

    reason: str
    condition: str
    evidence: str
    source: str
    number: str = ""


@dataclass(frozen=True)
class Rules:
    """By what one measure decides on a stay that is in the initial population.

    Attributes:
        source: the clauses of the specification.
        own: the measure's own clauses; a stay that passes these and the shared ones is in the denominator.
        numerator: whether the event took place; stored as false outside the denominator.
        value: what is summed, events or days; empty for 1 or 0 as the event took place or not.
        matures_on: the first as_of at which the stay can be judged.
        event_on: the date of the event; an as_of before it does not see it.
        evidence: the resources that made the stay count in the numerator, see `evidence.of_resource`; empty for none.
        selection: one more clause, which chooses among the stays that all others leave (`selection.sql`).
    """

    source: str
    own: Sequence[Exclusion]
    numerator: str
    matures_on: str
    event_on: str
    value: str = ""
    evidence: str = ""
    selection: Exclusion | None = None

    @property
    def clauses(self) -> tuple[Exclusion, ...]:
        """Its own clauses and the selection, in the order in which reasons are given."""
        return (*self.own, *([self.selection] if self.selection else []))


@dataclass(frozen=True)
class RuleSet:
    """By what the stays of a table are decided for their profiles.

    Attributes:
        rows: the table, and which of its rows, as what follows `FROM`: with the columns that the conditions ask for.
        common: the clauses that all measures share; a stay that passes them is in the initial population.
        measures: the rules of each measure by its name.
        doubts: by its name the condition of each doubt that is flagged (`flags`).
    """

    rows: str
    common: Sequence[Exclusion]
    measures: Mapping[str, Rules]
    doubts: Mapping[str, str]
