"""A condition that several rules ask for is one column, and two conditions never are."""

from pyspark.sql import Column, SparkSession
from pyspark.sql import functions as F

from metriccare.measures.decide import _Columns

MANY = 40  # Spark's texts of expressions leave out the fields after the 25th


def long(last: str) -> Column:
    return F.coalesce(*(F.col(f"c{number}") for number in range(MANY)), F.col(last))


def any_of(last: str) -> Column:
    return F.exists("codes", lambda code: code.isin(*map(str, range(MANY)), last))


def test_conditions_that_differ_after_many_arguments_are_two(spark: SparkSession) -> None:
    columns = _Columns("x")
    for one in (long, any_of):
        assert columns.name_of(one("a")) != columns.name_of(one("b"))


def test_a_condition_that_is_written_twice_is_one(spark: SparkSession) -> None:
    columns = _Columns("x")
    for one in (long, any_of):
        assert columns.name_of(one("a")) == columns.name_of(one("a"))
