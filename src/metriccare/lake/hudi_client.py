"""Hudi's own write client, for what its Spark data source does not offer."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from pyspark.sql import SparkSession


@contextmanager
def hudi_client(spark: SparkSession, path: str, options: Mapping[str, str]) -> Iterator[Any]:
    """Open a client of a table, a `SparkRDDWriteClient`, and close it at the end.

    Args:
        spark: the session.
        path: base path of the table.
        options: the options the table is written with.
    """
    jvm: Any = spark._jvm
    client = jvm.org.apache.hudi.DataSourceUtils.createHoodieClient(
        spark._jsc, None, path, options["hoodie.table.name"], dict(options)
    )
    try:
        yield client
    finally:
        client.close()
