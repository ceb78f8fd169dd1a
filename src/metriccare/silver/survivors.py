"""Patients that are replaced by others (`Patient.link`, type replaced-by) are one with their final survivor."""

import pyarrow as pa

from metriccare.engine import Program, Reference, load_steps

SURVIVOR = "source STRING, patient_id STRING, survivor_id STRING, in_cycle BOOLEAN"
LINKED = "source STRING, id STRING, is_live BOOLEAN, replaced_by_id STRING"
IS_LINKED = "is_live AND replaced_by_id IS NOT NULL"
"""Which of the patients are linked, in DuckDB's SQL and in Spark's."""
_SURVIVORS = Program({"patient": LINKED}, load_steps(__package__, "survivor"), {"survivor": SURVIVOR})


def survivors(patients: pa.Table) -> pa.Table:
    """Follow the links to the last patient of each chain.

    Args:
        patients: rows of silver.patient with the columns of `LINKED`, at least those with a `replaced_by_id`.

    Returns:
        One row per live patient with a link: `source`, `patient_id`, `survivor_id`, `in_cycle`.
    """
    return _SURVIVORS.run({"patient": patients}, Reference())["survivor"]
