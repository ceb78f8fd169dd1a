"""What PySpark needs for each expression is found without a question to the JVM."""

import pytest
from py4j.clientserver import JavaClient
from pyspark.sql import SparkSession, Window
from pyspark.sql import functions as F

from metriccare.runtime.spark import get_spark

REFLECTION = "r\n"


@pytest.fixture
def asked(spark: SparkSession, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the questions that py4j asks from now on about names."""
    questions: list[str] = []
    send = JavaClient.send_command

    def listen(self: JavaClient, command: str, *args: object, **kwargs: object) -> object:
        if command.startswith(REFLECTION):
            questions.append(command)
        return send(self, command, *args, **kwargs)

    monkeypatch.setattr(JavaClient, "send_command", listen)
    return questions


def test_no_package_and_no_function_is_looked_up(asked: list[str]) -> None:
    F.coalesce(F.col("a"), F.lit(1)).cast("double")
    F.when(F.col("a") > 1, "b").otherwise(F.expr("c"))
    F.col("a").isin("x", "y")
    assert asked == []


def test_of_a_lambda_and_a_window_only_the_last_name_is(asked: list[str]) -> None:
    F.exists("codes", lambda code: code == "x")
    F.row_number().over(Window.partitionBy("a").orderBy("b"))
    assert [
        one for one in asked if one.split("\n")[2].count(".") < len(["org", "apache", "spark", "sql"])
    ] == []


def test_a_second_call_asks_for_nothing_that_is_known(asked: list[str]) -> None:
    get_spark()
    assert [one for one in asked if "functions" in one] == []
