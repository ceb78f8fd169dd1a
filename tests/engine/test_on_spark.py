"""Programs in Spark's tasks: the rows of a person together, wherever they are, and every type there and back."""

from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from metriccare.definitions.tables import MEASURE_RESULT, STAY
from metriccare.engine import Program, Reference, Step
from metriccare.engine.on_spark import Input, collect_from_spark, from_frame, run_on_spark, to_frame
from metriccare.engine.schema import arrow_schema

VISIT, BILL, RATE = "person STRING, seen_at TIMESTAMP", "person STRING, amount INT", "factor INT"
TOTAL = Step(
    "total",
    """SELECT person, count(DISTINCT seen_at) AS visits,
           (SELECT sum(amount) FROM bill b WHERE b.person = v.person) * factor AS amount
    FROM visit v, rate GROUP BY person, factor""",
)
PER_PERSON = Program(
    {"visit": VISIT, "bill": BILL, "rate": RATE}, (TOTAL,), {"total": "person STRING, visits INT, amount INT"}
)
PEOPLE = 40


def visits_and_bills(spark: SparkSession) -> list[Input]:
    days = [
        (f"p{who}", datetime(2025, 1, 1 + day, tzinfo=UTC))
        for who in range(PEOPLE)
        for day in range(who % 5 + 1)
    ]
    bills = [(f"p{who}", who) for who in range(PEOPLE) for _ in range(3)]
    person = F.col("person")
    return [
        Input("visit", spark.createDataFrame(days, VISIT).repartition(3), person),
        Input("bill", spark.createDataFrame(bills[:50], BILL), person),
        Input("bill", spark.createDataFrame(bills[50:], BILL).repartition(2), person),
    ]


@pytest.mark.parametrize("tasks", [1, 4])
def test_the_rows_of_a_person_are_seen_together(spark: SparkSession, tasks: int) -> None:
    rate = {"rate": pa.table({"factor": [10]})}
    made = run_on_spark(PER_PERSON, visits_and_bills(spark), Reference(), tasks=tasks, everywhere=rate)[
        "total"
    ]
    rows = {row.person: (row.visits, row.amount) for row in made.collect()}
    assert rows == {f"p{who}": (who % 5 + 1, who * 30) for who in range(PEOPLE)}
    assert made.schema == spark.createDataFrame([], PER_PERSON.gives["total"]).schema


def test_a_task_with_more_rows_than_a_call_may_hold_is_done_in_parts(spark: SparkSession) -> None:
    calls = Program({"bill": BILL}, (Step("call", "SELECT count(*) AS n FROM bill"),), {"call": "n INT"})
    bills = [(f"p{who}", who) for who in range(200)]
    given = [Input("bill", spark.createDataFrame(bills, BILL), F.col("person"))]
    sizes = [
        row.n for row in run_on_spark(calls, given, Reference(), tasks=2, rows_per_call=30)["call"].collect()
    ]
    assert sum(sizes) == 200
    assert len(sizes) > 4
    assert max(sizes) < 60


def test_every_type_of_a_stay_goes_there_and_back(spark: SparkSession) -> None:
    coding = ("urn:x", "1", None)
    full: dict[str, Any] = dict.fromkeys(STAY.column_names) | {
        "source": "s",
        "id": "a",
        "encounter_ids": ["a", "b"],
        "is_acute": True,
        "age": 7,
        "admission_at": datetime(2025, 3, 1, 8, 30, tzinfo=UTC),
        "admission_date": date(2025, 3, 1),
        "principal_diagnosis": coding,
        "principal_codings": [coding, coding],
        "diagnoses": [("c", None, "AD", None, "sha", [coding])],
        "quality_flags": [],
    }
    empty = dict.fromkeys(STAY.column_names) | {"source": "s", "id": "b"}
    rows = spark.createDataFrame([tuple(one.values()) for one in (full, empty)], STAY.columns)
    as_they_are = Program({"stay": STAY.columns}, (), {"stay": STAY.columns})
    made = run_on_spark(as_they_are, [Input("stay", rows, F.col("id"))], Reference(), tasks=2)["stay"]
    assert made.schema == rows.schema
    assert {row.id: row for row in made.collect()} == {row.id: row for row in rows.collect()}
    assert made.count() == 2


def test_nothing_given_is_nothing_made(spark: SparkSession) -> None:
    none = [Input("visit", spark.createDataFrame([], VISIT), F.col("person"))]
    program = Program({"visit": VISIT}, (), {"visit": VISIT})
    assert run_on_spark(program, none, Reference(), tasks=2)["visit"].isEmpty()


@pytest.mark.parametrize("tasks", [1, 3])
def test_sums_of_all_calls_are_collected(spark: SparkSession, tasks: int) -> None:
    sums = Program({"bill": BILL}, (Step("sum", "SELECT sum(amount) AS n FROM bill"),), {"sum": "n INT"})
    bills = [(f"p{who}", who) for who in range(PEOPLE)]
    given = [Input("bill", spark.createDataFrame(bills, BILL), F.col("person"))]
    parts = collect_from_spark(sums, given, Reference(), tasks=tasks)["sum"]["n"].to_pylist()
    assert len(parts) == tasks
    assert sum(parts) == sum(range(PEOPLE))


def test_rows_of_this_process_become_a_frame_and_come_back(spark: SparkSession) -> None:
    row = dict.fromkeys(MEASURE_RESULT.column_names) | {
        "measure": "m",
        "as_of": date(2025, 6, 30),
        "rate": 0.1,
        "excluded": {"not_acute": 2},
        "is_too_few": False,
    }
    rows = pa.Table.from_pylist([row, row | {"excluded": {}}], arrow_schema(MEASURE_RESULT.columns))
    frame = to_frame(spark, rows, MEASURE_RESULT.columns)
    assert frame.schema == spark.createDataFrame([], MEASURE_RESULT.columns).schema
    assert frame.filter("excluded['not_acute'] = 2").count() == 1
    assert from_frame(frame, MEASURE_RESULT.columns) == rows
    assert from_frame(frame.limit(0), MEASURE_RESULT.columns).schema == rows.schema
