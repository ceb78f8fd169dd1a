"""Maps codings to the categories of the value sets."""

import json
from collections.abc import Iterable, Mapping

from pyspark.sql import Column
from pyspark.sql import functions as F

from metriccare.definitions.value_sets import Code, load

NUBC = ("http://www.nubc.org/patient-discharge", "https://www.nubc.org/CodeSystem/PatDischargeStatus")


def codings_of(concepts: Column) -> Column:
    """Return all codings of a list of CodeableConcepts as one list (empty for none)."""
    lists = F.transform(concepts, lambda concept: F.coalesce(concept["coding"], F.array()))
    return F.coalesce(F.flatten(lists), F.array())


def first_code(concept: Column) -> Column:
    """Return the code of a concept's first coding, else null."""
    return F.get(concept["coding"], 0)["code"]


def category(coding: Column, value_set: str, column: str = "category", own: Column | None = None) -> Column:
    """Return the value set's category (or another column) of one coding by system and code, else null.

    Args:
        coding: one Coding.
        value_set: name of a value set of the package.
        column: the column of the value set to return.
        own: a map of the source's own codes (`map_of`) that takes precedence over the value set; null if none.
    """
    found = map_of(load(value_set), column)[_key(coding)]
    return found if own is None else F.coalesce(own[_key(coding)], found)


def map_of(rows: Iterable[Code], column: str = "category") -> Column:
    """Return a map from system and code to one column of the rows."""
    return literal_map({_literal_key(row): getattr(row, column) for row in rows})


def literal_map(entries: Mapping[str, str]) -> Column:
    """Return a constant map, as one JSON text, since Spark needs seconds to analyse hundreds of literals."""
    return F.from_json(F.lit(json.dumps(entries)), "MAP<STRING, STRING>")


def _literal_key(row: Code) -> str:
    code = row.code.zfill(2) if row.system in NUBC else row.code
    return f"{row.system}|{code}" if row.system else code


def _key(coding: Column) -> Column:
    # Synthea writes both "1" and "01" for the two-digit UB-04 codes (MEASURES 0.3).
    is_short = coding["system"].isin(*NUBC) & (F.length(coding["code"]) == 1)
    code = F.when(is_short, F.concat(F.lit("0"), coding["code"])).otherwise(coding["code"])
    return F.concat_ws("|", coding["system"], code)


def categories(
    codings: Column, value_set: str, column: str = "category", own: Column | None = None
) -> Column:
    """Return the distinct categories that a list of codings maps to, in the order of the codings."""
    mapped = F.transform(codings, lambda coding: category(coding, value_set, column, own))
    return F.array_distinct(F.filter(mapped, lambda found: found.isNotNull()))
