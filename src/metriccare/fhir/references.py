"""Resolves FHIR references of any form to ids (docs/contracts.md#sources-and-ids)."""

from pyspark.sql import Column
from pyspark.sql import functions as F


def reference_id(reference: Column) -> Column:
    """Return the id in a reference; null if there is none, and for a contained resource (`#x`).

    `Type/x`, `Type/x/_history/2`, an absolute URL, `urn:uuid:x`, `urn:oid:x`, `Type?identifier=system|x` and
    `Type?identifier=x` all give `x`.
    """
    conditional = F.regexp_extract(reference, r"[?&]identifier=(?:[^|&]*(?:\||%7[Cc]))?([^&]+)", 1)
    urn = F.regexp_extract(reference, r"^urn:(?:uuid|oid):(.+)$", 1)
    path = F.regexp_extract(reference, r"([^/?#]+?)(?:/_history/[^/]+)?/?$", 1)
    found = (
        F.when(reference.startswith("#"), F.lit(None))
        .when(reference.startswith("urn:"), urn)
        .when(reference.contains("?"), conditional)
        .otherwise(path)
    )
    return F.when(found != "", found)
