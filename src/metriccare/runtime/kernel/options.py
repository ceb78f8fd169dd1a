"""The names of Glue's session magics, and the notation of their Spark settings."""

import ast
import json
import re
from typing import Any

from metriccare.errors import ParameterError

GLUE_ONLY = {
    "additional_python_modules": "Python packages for the session",
    "connections": "Glue connections of the session",
    "endpoint": "address of the Glue service",
    "etl": "session of type Glue ETL",
    "extra_jars": "jars for the session",
    "extra_py_files": "Python files for the session",
    "glue_version": "version of AWS Glue",
    "iam_role": "role the session runs as",
    "idle_timeout": "minutes until an idle session stops",
    "number_of_workers": "number of workers",
    "profile": "profile of the AWS configuration",
    "reconnect": "join a Glue session by its id",
    "region": "AWS region",
    "security_config": "Glue security configuration",
    "session_id_prefix": "prefix of the session's id",
    "session_type": "type of the session",
    "streaming": "session of type Glue streaming",
    "timeout": "minutes until the session stops",
    "worker_type": "size of a worker, e.g. G.1X",
}
GLUE_ONLY_CELLS = {
    "assume_role": "credentials of another account",
    "tags": "tags of the session",
}
_SPARK_KEYS = ("--conf", "conf", "spark_conf")
_SEPARATOR = re.compile(r"(?:^|\s)--conf\s+")


def parse_configure(text: str) -> dict[str, Any]:
    """Return the options of a `%%configure` cell, written as a Python or JSON dictionary.

    Raises:
        ParameterError: the cell is not a dictionary.
    """
    for parse in (ast.literal_eval, json.loads):
        try:
            options = parse(text.strip())
        except (ValueError, SyntaxError):
            continue
        if isinstance(options, dict):
            return options
    raise ParameterError(
        '%%configure takes one dictionary such as {"glue_version": "5.0", "--conf": "spark.a=b"}; '
        f"found: {text.strip()[:80] or 'an empty cell'}"
    )


def split_options(options: dict[str, Any]) -> tuple[dict[str, str], dict[str, Any]]:
    """Split the options into Spark settings and options that only AWS Glue knows."""
    spark: dict[str, str] = {}
    for key in _SPARK_KEYS:
        spark |= parse_spark_conf(str(options.get(key, "")))
    return spark, {key: value for key, value in options.items() if key not in _SPARK_KEYS}


def parse_spark_conf(text: str) -> dict[str, str]:
    """Return the settings of Glue's notation `a=b --conf c=d`.

    Raises:
        ParameterError: a setting is not written as name=value.
    """
    parts = [part.strip().strip("'\"") for part in _SEPARATOR.split(text) if part.strip()]
    wrong = [part for part in parts if "=" not in part]
    if wrong:
        raise ParameterError(
            f"{wrong[0]!r} is not a Spark setting; write spark.name=value, e.g. spark.sql.shuffle.partitions=8."
        )
    return dict(part.split("=", 1) for part in parts)
