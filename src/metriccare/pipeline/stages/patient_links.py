"""Which patients of a lake are one with others."""

from collections.abc import Iterable
from typing import Any

import pyarrow as pa

from metriccare import silver
from metriccare.definitions.tables import PATIENT
from metriccare.engine.here import choose
from metriccare.engine.schema import arrow_schema
from metriccare.lake.reader import read_parts
from metriccare.settings import Lake
from metriccare.silver.relatives import Patient

Linked = dict[str, Any]
"""A row with the columns of `silver.LINKED`."""
_SCHEMA = arrow_schema(silver.LINKED)


def links_of(lake: Lake) -> pa.Table:
    """Return `silver.survivors` of silver.patient as it is now."""
    return _survivors(linked_patients(lake))


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


def linked_patients(lake: Lake) -> list[Linked]:
    """Return the live patients of silver.patient with a link of type replaced-by."""
    patients = read_parts(lake, PATIENT, _SCHEMA.names)
    found = choose(patients, f"FROM part WHERE {silver.IS_LINKED}", silver.LINKED)
    return list(found.to_pylist())


def _survivors(linked: Iterable[Linked]) -> pa.Table:
    return silver.survivors(pa.Table.from_pylist(list(linked), _SCHEMA))
