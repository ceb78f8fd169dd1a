"""The rows of a few patients, gathered without Spark: it would take longer to plan than this takes to read."""

from collections.abc import Iterable

import pyarrow as pa

from metriccare.definitions.tables import TABLES, Table
from metriccare.engine import Program, Reference
from metriccare.engine.here import Parts, choose, run_here
from metriccare.engine.schema import arrow_schema
from metriccare.lake.reader import read_parts
from metriccare.settings import Lake
from metriccare.silver.relatives import Patient

_WANTED = arrow_schema("source STRING, patient_id STRING")


class PatientRowsHere:
    """The rows of some patients.

    Attributes:
        lake: where the rows are.
        links: of `silver.survivors`, of the patients as they are now.
        patients: the patients, with all who are one with them.
    """

    def __init__(self, lake: Lake, links: pa.Table, patients: Iterable[Patient]) -> None:
        self.lake, self.links, self.patients = lake, links, patients
        rows = [{"source": source, "patient_id": id} for source, id in patients]
        self._wanted = pa.Table.from_pylist(rows, _WANTED)

    def run(self, program: Program, reference: Reference) -> dict[str, pa.Table]:
        """Run a program."""
        queries = {name: query for name, query in _QUERIES.items() if name in program.takes}
        inputs = [
            Parts(name, read_parts(self.lake, TABLES[f"silver.{name}"]), query)
            for name, query in queries.items()
        ]
        return run_here(program, inputs, reference, whole={"survivor": self.links, "wanted": self._wanted})

    def held(self, table: Table, ddl: str) -> pa.Table:
        """Return the rows that a table with a column `patient_id` holds of them, with the columns of a schema."""
        parts = read_parts(self.lake, table, list(dict.fromkeys([*arrow_schema(ddl).names, "patient_id"])))
        return choose(parts, _mine("patient_id"), ddl, {"wanted": self._wanted})


def _mine(patient: str) -> str:
    """Return the query of the rows whose column `patient` names a wanted patient, or none if nobody is wanted."""
    return f"""
        SELECT part.* FROM part
        SEMI JOIN wanted ON wanted.source = part.source AND wanted.patient_id IS NOT DISTINCT FROM part.{patient}
    """  # noqa: S608  (a name of ours)


_OF_ENCOUNTERS = """
    SELECT part.* FROM part SEMI JOIN encounter ON encounter.source = part.source AND encounter.id = part.encounter_id
    WHERE part.patient_id IS NULL
"""
_QUERIES = {
    "stay": _mine("patient_id"),
    "encounter": _mine("patient_id"),
    "patient": _mine("id"),
    # A condition that names no patient is its encounter's.
    "condition": f"{_mine('patient_id')} WHERE part.patient_id IS NOT NULL UNION ALL {_OF_ENCOUNTERS}",
}  # in the order in which they are read: a query may look at the tables before it
