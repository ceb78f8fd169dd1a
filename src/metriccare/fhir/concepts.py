"""Codings to the categories of our value sets."""

from itertools import chain

from pyspark.sql import Column
from pyspark.sql import functions as F

from metriccare.value_sets import load

NUBC = "http://www.nubc.org/patient-discharge"


def codings_of(concepts: Column) -> Column:
    """Return all codings of a list of CodeableConcepts as one list (empty for none)."""
    lists = F.transform(concepts, lambda concept: F.coalesce(concept["coding"], F.array()))
    return F.coalesce(F.flatten(lists), F.array())


def first_code(concept: Column) -> Column:
    """Return the code of a concept's first coding, else null."""
    return F.get(concept["coding"], 0)["code"]


def category(coding: Column, value_set: str, column: str = "category") -> Column:
    """Return the value set's category (or another column) of one coding by system and code, else null."""
    rows = load(value_set)
    pairs = ((F.lit(f"{row.system}|{row.code}"), F.lit(getattr(row, column))) for row in rows)
    return F.create_map(*chain.from_iterable(pairs))[_key(coding)]


def _key(coding: Column) -> Column:
    # Synthea writes "1" beside "01" for the two-digit UB-04 codes (MEASURES 0.3).
    is_short = (coding["system"] == NUBC) & (F.length(coding["code"]) == 1)
    code = F.when(is_short, F.concat(F.lit("0"), coding["code"])).otherwise(coding["code"])
    return F.concat_ws("|", coding["system"], code)


def categories(codings: Column, value_set: str, column: str = "category") -> Column:
    """Return the distinct categories that a list of codings maps to, in the order of the codings."""
    mapped = F.transform(codings, lambda coding: category(coding, value_set, column))
    return F.array_distinct(F.filter(mapped, lambda found: found.isNotNull()))
