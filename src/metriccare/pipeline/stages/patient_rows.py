"""The rows of silver that a program is given: those of some patients, or of all."""

from collections.abc import Iterable, Mapping
from typing import Protocol

import pyarrow as pa

from metriccare.definitions.tables import Table
from metriccare.engine import Program, Reference
from metriccare.lake.deleted import Rows
from metriccare.lake.tables import SparkLake
from metriccare.pipeline.stages.patient_rows_here import PatientRowsHere
from metriccare.pipeline.stages.patient_rows_on_spark import PatientRowsOnSpark
from metriccare.silver.relatives import Patient, with_relatives

PATIENTS_HERE = 4_000  # with some 100,000 rows


class PatientRows(Protocol):
    """The rows of some patients and of all who are one with them."""

    def run(self, program: Program, reference: Reference) -> Mapping[str, Rows]:
        """Run a program that takes rows of silver, and `survivor`; return the tables that it gives."""

    def held(self, table: Table, ddl: str) -> Rows:
        """Return the rows that a table with a column `patient_id` holds of them, with the columns of a schema."""


def rows_of(lake: SparkLake, links: pa.Table, patients: Iterable[Patient] | None = None) -> PatientRows:
    """Return the rows of some patients, of all if that is None; Spark gathers those of many.

    Args:
        lake: where the rows are.
        links: of `silver.survivors`, of the patients as they are now.
        patients: the patients.
    """
    if patients is None:
        return PatientRowsOnSpark(lake, links)
    wanted = sorted(with_relatives(patients, links), key=_place)
    if len(wanted) > PATIENTS_HERE:
        return PatientRowsOnSpark(lake, links, wanted)
    return PatientRowsHere(lake.location, links, wanted)


def _place(patient: Patient) -> tuple[str, str]:
    return patient[0], patient[1] or ""
