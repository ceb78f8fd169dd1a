import pytest

from metriccare.errors import ParameterError
from metriccare.runtime.kernel.options import parse_configure, parse_spark_conf, split_options


@pytest.mark.parametrize("text", ["{'glue_version': '5.0'}", '\n{"glue_version": "5.0"}\n'])
def test_configure_takes_a_python_or_a_json_dictionary(text):
    assert parse_configure(text) == {"glue_version": "5.0"}


def test_configure_takes_json_literals():
    assert parse_configure('{"a": true, "b": null}') == {"a": True, "b": None}


@pytest.mark.parametrize("text", ["", "glue_version 5.0", "['a']", "__import__('os').getcwd()"])
def test_configure_refuses_anything_else(text):
    with pytest.raises(ParameterError, match="%%configure takes one dictionary"):
        parse_configure(text)


@pytest.mark.parametrize("lead", ["", "--conf "])
def test_spark_settings_are_read_in_glues_notation(lead):
    text = f"{lead}spark.a=1 --conf spark.b=x=y --conf  spark.c=two words"

    assert parse_spark_conf(text) == {"spark.a": "1", "spark.b": "x=y", "spark.c": "two words"}


def test_a_spark_setting_without_a_value_is_refused():
    with pytest.raises(ParameterError, match=r"'spark\.b' is not a Spark setting; write spark\.name=value"):
        parse_spark_conf("spark.a=1 --conf spark.b")


def test_spark_settings_are_separated_from_glue_options():
    spark, glue = split_options({"--conf": "spark.a=1", "--datalake-formats": "hudi"})

    assert (spark, glue) == ({"spark.a": "1"}, {"--datalake-formats": "hudi"})
