"""The jars of Hudi and of Spark's S3 connector: downloaded once by Maven coordinates, then passed to Spark as files.

`spark.jars.packages` is resolved again for every session, which takes about 4 s even from Ivy's cache.
"""

import logging
import os
import re
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from pyspark import SparkConf
from pyspark.errors import PySparkRuntimeError
from pyspark.java_gateway import launch_gateway

from metriccare.errors import JavaError
from metriccare.runtime import logs

log = logging.getLogger(__name__)

HUDI = ("org.apache.hudi:hudi-spark3.5-bundle_2.12:0.15.0",)
# Hadoop's connector and the modules of the AWS SDK that it uses, instead of the 280 MB bundle.
S3 = (
    "org.apache.hadoop:hadoop-aws:3.3.4",
    *(f"com.amazonaws:aws-java-sdk-{part}:1.12.262" for part in ("core", "dynamodb", "kms", "s3", "sts")),
    "com.amazonaws:jmespath-java:1.12.262",
    "com.fasterxml.jackson.dataformat:jackson-dataformat-cbor:2.12.6",
    "software.amazon.ion:ion-java:1.0.2",
)
SDK_BUNDLE = "com.amazonaws:aws-java-sdk-bundle"
_ERROR_LINE = re.compile(r"unresolved|not found|failed|Exception|[Ee]rror")


def jars(coordinates: Sequence[str] = HUDI) -> list[Path]:
    """Return the paths of the jars in Ivy's folder (`METRICCARE_IVY`, else `~/.ivy2`); missing ones are downloaded.

    Raises:
        JavaError: a jar could not be downloaded; the message quotes Ivy's error and lists the alternatives.
    """
    ivy = _folder()
    files = [ivy / "jars" / f"{one.replace(':', '_', 1).replace(':', '-')}.jar" for one in coordinates]
    missing = [
        file for file in files if not zipfile.is_zipfile(file)
    ]  # a truncated download is not a zip file
    for file in missing:
        file.unlink(missing_ok=True)
    if missing:
        names = ", ".join(one.split(":")[1] for one in coordinates)
        print(f"Downloading {names} to {ivy} (needed once; Hudi is about 100 MB)", file=sys.stderr)  # noqa: T201
        with logs.timed(log, "download jars", files=len(missing)):
            _download(ivy, coordinates)
    return files


def classes_folder() -> Path:
    """Return the folder of the archives of classes, beside the jars."""
    return _folder() / "metriccare-classes"


def _folder() -> Path:
    return Path(os.environ.get("METRICCARE_IVY") or Path.home() / ".ivy2").expanduser().resolve()


def _download(ivy: Path, coordinates: Sequence[str]) -> None:
    """Start a JVM that resolves the coordinates and exits; Ivy's output is used for the error message only."""
    conf = SparkConf(loadDefaults=False)
    conf.set("spark.jars.packages", ",".join(coordinates)).set("spark.jars.excludes", SDK_BUNDLE)
    conf.set("spark.jars.ivy", str(ivy))
    with tempfile.TemporaryFile("w+") as output:
        try:
            gateway: Any = launch_gateway(conf, {"stdout": output, "stderr": output})  # type: ignore[no-untyped-call]
        except PySparkRuntimeError as error:
            raise _failure(ivy, coordinates, _last_error(output)) from error
        gateway.shutdown()
        gateway.proc.stdin.close()  # the JVM exits when this pipe closes
        gateway.proc.wait(timeout=60)


def _last_error(output: IO[str]) -> str:
    output.seek(0)
    lines = [line.strip() for line in output if _ERROR_LINE.search(line)]
    return lines[-1] if lines else "Java exited without an error message."


def _failure(ivy: Path, coordinates: Sequence[str], reason: str) -> JavaError:
    return JavaError(
        f"{', '.join(coordinates)} could not be downloaded to {ivy}: {reason} "
        "The download is needed once. Connect this machine to the network; or use your mirror's Ivy settings with "
        "PYSPARK_SUBMIT_ARGS='--conf spark.jars.ivySettings=FILE pyspark-shell'; or copy the folder `jars` "
        "from a machine that has it and set METRICCARE_IVY to its parent folder."
    )
