"""Plain Spark: how FHIR writes codes, dates, times and references (MEASURES 0.2, docs/contracts.md)."""

from pyspark.sql import Column
from pyspark.sql import functions as F

# Synthea writes both "1" and "01" for the two-digit codes of UB-04 (MEASURES 0.3).
UB_04 = (
    "http://www.nubc.org/patient-discharge",
    "https://www.nubc.org/CodeSystem/PatDischargeStatus",
)


def concepts(name: str) -> Column:
    """Return the codings of all concepts of a list."""
    codings = F.transform(name, lambda concept: concept["coding"])
    return F.coalesce(F.flatten(F.filter(codings, lambda coding: coding.isNotNull())), F.array())


def keys(codings: Column) -> Column:
    """Return `system|code` of each coding; null for one without a code."""
    return F.transform(codings, _key)


def _key(coding: Column) -> Column:
    is_short = coding["system"].isin(*UB_04) & (F.length(coding["code"]) == 1)
    code = F.when(is_short, F.concat(F.lit("0"), coding["code"])).otherwise(coding["code"])
    return F.when(code.isNotNull(), F.concat_ws("|", coding["system"], code))


def has_day(text: Column) -> Column:
    """Tell whether a date or time names a day; a year or a month does not."""
    return text.rlike(r"^\d{4}-\d{2}-\d{2}(T.*)?$")


def has_time(text: Column) -> Column:
    """Tell whether a value has a time of day."""
    return F.coalesce(text.rlike(r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}"), F.lit(False))


def local_date(text: Column) -> Column:
    """Return the day as written."""
    return F.when(has_day(text), text.substr(1, 10).cast("date"))


def instant(text: Column) -> Column:
    """Return the instant; one without an offset is in UTC."""
    return F.when(has_day(text), text.cast("timestamp"))


def reference_id(text: Column) -> Column:
    """Return the id that a literal, logical or conditional reference points to."""
    logical = F.regexp_extract(text, r"^urn:(?:uuid|oid):(.+)$", 1)
    conditional = F.regexp_extract(text, r"[?&]identifier=(?:[^|&]*(?:\||%7[Cc]))?([^&]+)", 1)
    literal = F.regexp_extract(text, r"([^/?#]+?)(?:/_history/[^/]+)?/?$", 1)
    found = F.when(text.startswith("urn:"), logical).when(text.contains("?"), conditional).otherwise(literal)
    return F.when(~text.startswith("#") & (found != ""), found)
