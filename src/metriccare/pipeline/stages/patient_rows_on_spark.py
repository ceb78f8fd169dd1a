"""The rows of many patients, or of all: gathered by Spark, each patient's in one task."""

from collections.abc import Sequence
from functools import cached_property

import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from metriccare.definitions.tables import CONDITION, ENCOUNTER, PATIENT, STAY, Table
from metriccare.engine import Program, Reference
from metriccare.engine.on_spark import Input, estimated_bytes, narrowed, run_on_spark
from metriccare.lake.tables import SparkLake
from metriccare.silver.relatives import Patient

PATIENTS_PER_TASK = 2_000
BYTES_PER_TASK = 8_000_000  # of Parquet files, which are compressed: some 100,000 rows
_WANTED = "_source STRING, _patient STRING"
_LINKED = "_source STRING, _linked STRING, _survivor STRING"


class PatientRowsOnSpark:
    """The rows of some patients and of all who are one with them.

    Attributes:
        lake: where the rows are.
        links: of `silver.survivors`, of the patients as they are now.
        patients: the patients, with all who are one with them; None for all.
    """

    def __init__(self, lake: SparkLake, links: pa.Table, patients: Sequence[Patient] | None = None) -> None:
        self.lake, self.links, self.patients = lake, links, patients

    def run(self, program: Program, reference: Reference) -> dict[str, DataFrame]:
        """Run a program; its results are kept until they are dropped."""
        stays = [self._stays()] if "stay" in program.takes else []
        inputs = [*stays, *self._resources()]
        whole = {"survivor": self.links}
        return run_on_spark(program, inputs, reference, tasks=self._tasks, everywhere=whole)

    def held(self, table: Table, ddl: str) -> DataFrame:
        """Return the rows that a table with a column `patient_id` holds of them, with the columns of a schema."""
        return narrowed(self._mine(self.lake.read(table), F.col("patient_id")), ddl)

    @cached_property
    def _tasks(self) -> int:
        """Into how many tasks the rows are divided."""
        if self.patients is not None:
            return 1 + len(self.patients) // PATIENTS_PER_TASK
        size = sum(estimated_bytes(self.lake.read(table)) for table in (ENCOUNTER, PATIENT, CONDITION))
        return max(self.lake.spark.sparkContext.defaultParallelism, 1 + size // BYTES_PER_TASK)

    @cached_property
    def _wanted(self) -> DataFrame:
        return F.broadcast(self.lake.spark.createDataFrame(self.patients or [], _WANTED))

    @cached_property
    def _survivors(self) -> DataFrame:
        pairs = [(one["source"], one["patient_id"], one["survivor_id"]) for one in self.links.to_pylist()]
        return F.broadcast(self.lake.spark.createDataFrame(pairs, _LINKED))

    def _resources(self) -> list[Input]:
        """Return encounters, patients and conditions; a condition that names no patient is its encounter's."""
        encounters, people, conditions = (self.lake.read(one) for one in (ENCOUNTER, PATIENT, CONDITION))
        mine = self._mine(encounters, F.col("patient_id"))
        named = conditions.filter(F.col("patient_id").isNotNull())
        return [
            self._input("encounter", mine, F.col("patient_id"), F.col("id")),
            self._input("patient", self._mine(people, F.col("id")), F.col("id"), F.col("id")),
            self._input(
                "condition", self._mine(named, F.col("patient_id")), F.col("patient_id"), F.col("id")
            ),
            self._input(
                "condition", _of_encounters(conditions, mine), F.col("_owner"), F.col("encounter_id")
            ),
        ]

    def _stays(self) -> Input:
        """Return the rows of silver.stay."""
        rows = self._mine(self.lake.read(STAY), F.col("patient_id"))
        return self._input("stay", rows, F.col("patient_id"), F.col("id"))

    def _mine(self, rows: DataFrame, patient: Column) -> DataFrame:
        """Keep the rows of these patients."""
        if self.patients is None:
            return rows
        is_wanted = (F.col("source") == F.col("_source")) & patient.eqNullSafe(F.col("_patient"))
        return rows.join(self._wanted, is_wanted, "left_semi")

    def _input(self, table: str, rows: DataFrame, patient: Column, encounter: Column) -> Input:
        """Return the rows with the person that they are of: the survivor; who is nobody is alone with the encounter."""
        alone = F.concat(F.lit("encounter "), encounter)
        if self._tasks == 1:
            return Input(table, rows, F.lit(0))
        if not self.links.num_rows:
            return Input(table, rows, F.struct("source", F.coalesce(patient, alone)))
        is_linked = (F.col("source") == F.col("_source")) & (patient == F.col("_linked"))
        joined = rows.join(self._survivors, is_linked, "left")
        return Input(table, joined, F.struct("source", F.coalesce(F.col("_survivor"), patient, alone)))


def _of_encounters(conditions: DataFrame, encounters: DataFrame) -> DataFrame:
    """Return the conditions that name no patient but one of the encounters, with the patient of that as `_owner`."""
    loose = conditions.filter(F.col("patient_id").isNull() & F.col("encounter_id").isNotNull())
    owners = encounters.select(
        "source", F.col("id").alias("encounter_id"), F.col("patient_id").alias("_owner")
    )
    return loose.join(owners, ["source", "encounter_id"])
