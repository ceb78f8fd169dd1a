"""Which patients of a lake are one with others."""

from collections.abc import Iterable
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from metriccare import silver
from metriccare.definitions.tables import PATIENT
from metriccare.lake.tables import SparkLake
from metriccare.silver.relatives import Patient

Linked = dict[str, Any]


def links_of(lake: SparkLake) -> pa.Table:
    """Return `silver.survivors` of silver.patient as it is now."""
    return _survivors(linked_patients(lake.read(PATIENT)))


def links_between(before: Iterable[Linked], changed: Iterable[Linked], touched: set[Patient]) -> pa.Table:
    """Return `silver.survivors` of two states of silver.patient.

    Args:
        before: the linked patients of the first one.
        changed: those among the patients that change.
        touched: all patients that change.
    """
    kept = [row for row in before if (row["source"], row["id"]) not in touched]
    states = [before, [*kept, *changed]] if touched else [before]
    return pa.concat_tables(_survivors(state) for state in states)


def linked_patients(patients: DataFrame) -> list[Linked]:
    """Return the live patients with a link of type replaced-by: `source`, `id`, `is_live`, `replaced_by_id`."""
    linked = patients.filter(F.col("is_live") & F.col("replaced_by_id").isNotNull())
    return [row.asDict() for row in linked.select("source", "id", "is_live", "replaced_by_id").collect()]


def _survivors(linked: Iterable[Linked]) -> pa.Table:
    return silver.survivors(pa.Table.from_pylist(list(linked), silver.LINKED))
