"""The jars of Hudi and of Spark's S3 connector: fetched once by their Maven coordinates, then passed as files.

Spark resolves `spark.jars.packages` anew for every session, which takes about 4 s even from Ivy's cache.
"""

import os
import re
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from pyspark import SparkConf
from pyspark.errors import PySparkRuntimeError
from pyspark.java_gateway import launch_gateway

from metriccare.errors import JavaError

HUDI = ("org.apache.hudi:hudi-spark3.5-bundle_2.12:0.15.0",)
# Hadoop's connector, and of Amazon's SDK what it uses instead of the bundle of 280 MB.
S3 = (
    "org.apache.hadoop:hadoop-aws:3.3.4",
    *(f"com.amazonaws:aws-java-sdk-{part}:1.12.262" for part in ("core", "dynamodb", "kms", "s3", "sts")),
    "com.amazonaws:jmespath-java:1.12.262",
    "com.fasterxml.jackson.dataformat:jackson-dataformat-cbor:2.12.6",
    "software.amazon.ion:ion-java:1.0.2",
)
NOT_NEEDED = "com.amazonaws:aws-java-sdk-bundle"
_TROUBLE = re.compile(r"unresolved|not found|failed|Exception|[Ee]rror")


def jars(coordinates: Sequence[str] = HUDI) -> list[Path]:
    """Return the jars' files in Ivy's folder (`METRICCARE_IVY`, else `~/.ivy2`), fetched if they aren't there.

    Raises:
        JavaError: they could not be fetched; the text ends with what Ivy said.
    """
    ivy = Path(os.environ.get("METRICCARE_IVY") or Path.home() / ".ivy2").expanduser().resolve()
    files = [ivy / "jars" / f"{one.replace(':', '_', 1).replace(':', '-')}.jar" for one in coordinates]
    torn = [file for file in files if not zipfile.is_zipfile(file)]  # a torn download is no zip file
    for file in torn:
        file.unlink(missing_ok=True)
    if torn:
        _fetch(ivy, coordinates)
    return files


def _fetch(ivy: Path, coordinates: Sequence[str]) -> None:
    """Start a JVM that resolves the coordinates and stops; what Ivy prints is kept for the error only."""
    conf = SparkConf(loadDefaults=False)
    conf.set("spark.jars.packages", ",".join(coordinates)).set("spark.jars.excludes", NOT_NEEDED)
    conf.set("spark.jars.ivy", str(ivy))
    with tempfile.TemporaryFile("w+") as output:
        try:
            gateway: Any = launch_gateway(conf, {"stdout": output, "stderr": output})  # type: ignore[no-untyped-call]
        except PySparkRuntimeError as error:
            raise _failure(ivy, coordinates, _last_words(output)) from error
        gateway.shutdown()
        gateway.proc.stdin.close()  # the JVM ends when this pipe does
        gateway.proc.wait(timeout=60)


def _last_words(output: IO[str]) -> str:
    output.seek(0)
    lines = [line.strip() for line in output if _TROUBLE.search(line)]
    return lines[-1] if lines else "Java ended without a word."


def _failure(ivy: Path, coordinates: Sequence[str], reason: str) -> JavaError:
    return JavaError(
        f"{', '.join(coordinates)} could not be fetched into {ivy}: {reason} "
        "This is needed once. Connect this machine to the network, or name your mirror's Ivy settings by "
        "PYSPARK_SUBMIT_ARGS='--conf spark.jars.ivySettings=FILE pyspark-shell', or copy the folder `jars` "
        "from a machine that has it and set METRICCARE_IVY to its parent."
    )
