"""The Hudi bundle: fetched once by its Maven coordinates, then passed to Spark as a file.

Spark resolves `spark.jars.packages` anew for every session, which takes about 4 s even from Ivy's cache.
"""

import os
import re
import tempfile
import zipfile
from pathlib import Path
from typing import IO, Any

from pyspark import SparkConf
from pyspark.errors import PySparkRuntimeError
from pyspark.java_gateway import launch_gateway

from metriccare.errors import JavaError

COORDINATES = "org.apache.hudi:hudi-spark3.5-bundle_2.12:0.15.0"
_TROUBLE = re.compile(r"unresolved|not found|failed|Exception|[Ee]rror")


def hudi_jar() -> Path:
    """Return the bundle's file in Ivy's folder (`METRICCARE_IVY`, else `~/.ivy2`), fetched if it isn't there.

    Raises:
        JavaError: it could not be fetched; the text ends with what Ivy said.
    """
    ivy = Path(os.environ.get("METRICCARE_IVY") or Path.home() / ".ivy2").expanduser().resolve()
    jar = ivy / "jars" / f"{COORDINATES.replace(':', '_', 1).replace(':', '-')}.jar"
    if not zipfile.is_zipfile(jar):  # a torn download is no zip file
        jar.unlink(missing_ok=True)
        _fetch(ivy)
    return jar


def _fetch(ivy: Path) -> None:
    """Start a JVM that resolves the coordinates and stops; what Ivy prints is kept for the error only."""
    conf = SparkConf(loadDefaults=False)
    conf.set("spark.jars.packages", COORDINATES).set("spark.jars.ivy", str(ivy))
    with tempfile.TemporaryFile("w+") as output:
        try:
            gateway: Any = launch_gateway(conf, {"stdout": output, "stderr": output})  # type: ignore[no-untyped-call]
        except PySparkRuntimeError as error:
            raise _failure(ivy, _last_words(output)) from error
        gateway.shutdown()
        gateway.proc.stdin.close()  # the JVM ends when this pipe does
        gateway.proc.wait(timeout=60)


def _last_words(output: IO[str]) -> str:
    output.seek(0)
    lines = [
        line.strip() for line in output if re.search(r"unresolved|not found|failed|Exception|[Ee]rror", line)
    ]
    return lines[-1] if lines else "Java ended without a word."


def _failure(ivy: Path, reason: str) -> JavaError:
    return JavaError(
        f"The Hudi jar {COORDINATES} could not be fetched into {ivy}: {reason} "
        "It is needed once. Connect this machine to the network, or name your mirror's Ivy settings by "
        "PYSPARK_SUBMIT_ARGS='--conf spark.jars.ivySettings=FILE pyspark-shell', or copy the folder `jars` "
        "from a machine that has it and set METRICCARE_IVY to its parent."
    )
