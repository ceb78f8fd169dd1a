"""Names of JVM packages, classes and functions, looked up once per session instead of at each use."""

from typing import Any

from py4j.java_gateway import JavaMember
from pyspark.sql import SparkSession

# What PySpark looks up for every expression, lambda and session.
_NAMES = (
    "functions",
    "Column",
    "PythonUtils",
    "PythonSQLUtils",
    "PythonRDD",
    "SerDeUtil",
    "SparkSession",
    "SparkSession$",
    "org.apache.spark.sql.catalyst.expressions.LambdaFunction",
    "org.apache.spark.sql.catalyst.expressions.UnresolvedNamedLambdaVariable",
    "org.apache.spark.sql.expressions.Window",
)
_OF_WHICH_ALL_MEMBERS = ("functions", "PythonUtils")


def remember_names(spark: SparkSession) -> None:
    """Let py4j find these names without asking the JVM.

    py4j asks for each part of a dotted name at each use. The JVM then searches all jars for a class of that name, and
    for a short name all packages that PySpark imports: a fifth of the time that it took to build and run the plans of
    the measures.
    """
    for path in _NAMES:
        owner: Any = spark._jvm
        for name in path.split("."):
            if name not in vars(owner):
                setattr(owner, name, getattr(owner, name))
            owner = vars(owner)[name]
    for path in _OF_WHICH_ALL_MEMBERS:
        owner = vars(spark._jvm)[path]
        for name in set(dir(owner)) - set(vars(owner)):
            member = getattr(owner, name)
            if isinstance(member, JavaMember):
                setattr(owner, name, member)
