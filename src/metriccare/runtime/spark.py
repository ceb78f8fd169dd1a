"""The Spark session: one function for a local machine, a notebook kernel that joins a run, and AWS Glue."""

import locale
import logging
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import pyspark
from pyspark import SparkConf, SparkContext
from pyspark.java_gateway import launch_gateway
from pyspark.sql import SparkSession

from metriccare.runtime import logs
from metriccare.runtime.class_archive import archive_options
from metriccare.runtime.environment import temporary_environment
from metriccare.runtime.jars import HUDI, S3, classes_folder, jars
from metriccare.runtime.java import find_java
from metriccare.runtime.jvm_names import remember_names
from metriccare.runtime.private import rights_taken
from metriccare.runtime.scratch import session_folder
from metriccare.runtime.spark_s3 import credentials_for_jvm, s3_settings
from metriccare.settings import HOME_VARIABLE, is_s3

GATEWAY_PORT = "PYSPARK_GATEWAY_PORT"
GATEWAY_SECRET = "PYSPARK_GATEWAY_SECRET"  # noqa: S105
ZONE = "spark.sql.session.timeZone"
# Dates before 1582 use the proleptic Gregorian calendar, as in FHIR and other readers; Spark's default raises an error.
CALENDAR = {
    f"spark.sql.{format}RebaseModeIn{way}": "CORRECTED"
    for format in ("parquet.datetime", "parquet.int96", "avro.datetime")
    for way in ("Read", "Write")
}

# For a minute of many small queries, the JVM's second compiler costs more time than it saves.
QUICK_START = "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=240m"

log = logging.getLogger(__name__)
_configured: dict[str, str] = {}
_long_work: list[bool] = []
_recorded: list[bool] = []
_borrowed: list[bool] = []


def get_spark(*locations: str, app: str = "metriccare") -> SparkSession:
    """Return the Spark session, in UTC.

    It is the session of this process if there is one (as on AWS Glue), else that of the run that started this
    process and shares its gateway (a pipeline or a Glue job), else a new local session with Hudi.

    Args:
        locations: lakes and raw folders that the session will use; an empty one stands for `METRICCARE_HOME`. A new
            local session gets the S3 connector if one of them is on S3.
        app: application name of a new local session.

    Raises:
        JavaError: there is no usable Java, or a jar is missing and can't be downloaded.
    """
    if not is_running():
        operation = "join" if GATEWAY_PORT in os.environ else "start"
        with logs.timed(log, "Spark session", operation=operation):
            if operation == "join":
                _join()
            else:
                _start(app, locations)
    spark = SparkSession.builder.getOrCreate()
    for name, value in {ZONE: "UTC", **CALENDAR}.items():
        spark.conf.set(name, value)
    remember_names(spark)
    return spark


def is_running() -> bool:
    """Return whether this process already has a Spark context."""
    return SparkContext._active_spark_context is not None


def is_joined() -> bool:
    """Return whether the session belongs to, or would be joined from, the run that started this notebook."""
    return GATEWAY_PORT in os.environ or bool(_borrowed)


@contextmanager
def borrowed_session() -> Iterator[None]:
    """Mark this process's session as borrowed: cells that run in this process may use it but not stop it."""
    _borrowed.append(True)
    try:
        yield
    finally:
        _borrowed.pop()


def expect_long_work() -> None:
    """Let the local session that `get_spark` will start in this process compile for many minutes of work."""
    _long_work.append(True)


def record_classes() -> None:
    """Let the JVM of the local session that `get_spark` will start in this process leave an archive of its classes."""
    _recorded.append(True)


def configure_session(settings: dict[str, str]) -> None:
    """Keep Spark settings for the local session that `get_spark` will start in this process."""
    _configured.update(settings)


@contextmanager
def share_gateway(spark: SparkSession | None = None) -> Iterator[None]:
    """Let child processes join this process's session: `get_spark` returns it there."""
    gateway: Any = (spark or get_spark()).sparkContext._gateway
    shared = {
        GATEWAY_PORT: str(gateway.java_parameters.port),
        GATEWAY_SECRET: str(gateway.java_parameters.auth_token),
    }
    with temporary_environment(**shared):
        yield


def _join() -> None:
    """Use the inherited JVM's context; `builder.getOrCreate()` alone would try to create a second one."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    gateway: Any = launch_gateway()  # type: ignore[no-untyped-call]
    jvm = gateway.jvm
    context = jvm.org.apache.spark.SparkContext.getOrCreate()
    java_context = jvm.org.apache.spark.api.java.JavaSparkContext.fromSparkContext(context)
    SparkContext(gateway=gateway, jsc=java_context, conf=SparkConf(_jvm=jvm, _jconf=java_context.getConf()))


def _start(app: str, locations: Sequence[str]) -> None:
    java = find_java()
    os.environ.update(
        JAVA_HOME=str(java),
        SPARK_HOME=str(
            Path(pyspark.__file__).parent
        ),  # jars of another Spark version don't match this PySpark
        SPARK_LOCAL_IP="127.0.0.1",
        PYSPARK_PYTHON=sys.executable,
    )
    on_s3 = any(is_s3(location or os.environ.get(HOME_VARIABLE, "")) for location in locations)
    files = jars(HUDI) + (jars(S3) if on_s3 else [])
    settings = local_settings() | (s3_settings() if on_s3 else {}) | _configured
    is_recorded = bool(_recorded) and "METRICCARE_JAVA_OPTIONS" not in os.environ  # else a special JVM
    archive = archive_options(classes_folder(), java, files, is_recorded=is_recorded)
    settings["spark.driver.extraJavaOptions"] = (
        f"{archive} {settings['spark.driver.extraJavaOptions']}".strip()
    )
    if not settings["spark.master"].startswith("local["):  # executors have class paths of their own
        settings["spark.jars"] = ",".join(map(str, files))
    conf = SparkConf(loadDefaults=False).setAll(list(settings.items())).setAppName(app)
    # Hudi's tools print to the JVM's standard output, which would mix with this command's output.
    with (
        credentials_for_jvm() if on_s3 else nullcontext(),
        temporary_environment(SPARK_DIST_CLASSPATH=os.pathsep.join(map(str, files)), **_of_locale()),
    ):
        gateway = launch_gateway(conf, {"stdout": subprocess.DEVNULL})  # type: ignore[no-untyped-call]
    SparkContext(gateway=gateway, conf=conf)


def _of_locale() -> dict[str, str]:
    """Return the variable that lets Java open files of any name: with LC_ALL=C, as in containers, it knows ASCII."""
    return {} if locale.getencoding().lower().replace("-", "") == "utf8" else {"LC_ALL": "C.UTF-8"}


def local_settings() -> dict[str, str]:
    """Return the settings of a local session: little memory, no web interface, quiet logs."""
    memory = os.environ.get("METRICCARE_DRIVER_MEMORY", "2g")
    partitions = os.environ.get("METRICCARE_SHUFFLE_PARTITIONS", "4")
    master, folder = os.environ.get("METRICCARE_MASTER", "local[*]"), session_folder()
    return {
        "spark.master": master,
        # Other users of this machine can reach Spark's ports. In local mode it invents the secret itself.
        "spark.authenticate": str(master.startswith("local[")).lower(),
        "spark.local.dir": str(folder),
        "spark.driver.memory": memory,
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.extraJavaOptions": _java_options(),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        # A run makes a thousand small broadcasts, one per stage, and each allocates a whole block, by default 4 MB.
        "spark.broadcast.blockSize": "256k",
        # By default every query's plan is rendered as text for the web interface, which is off.
        "spark.sql.ui.explainMode": "simple",
        # Spark describes each plan for its event log, which is off; some plans take half a million characters.
        "spark.sql.maxPlanStringLength": "10000",
        "spark.serializer": "org.apache.spark.serializer.KryoSerializer",
        "spark.sql.extensions": "org.apache.spark.sql.hudi.HoodieSparkSessionExtension",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        "spark.sql.shuffle.partitions": partitions,
        # Hadoop sets the rights of files and folders itself.
        "spark.hadoop.fs.permissions.umask-mode": rights_taken(),
        # Unused here; by default Spark creates it in the working directory.
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        ZONE: "UTC",
    }


def _java_options() -> str:
    log4j = Path(__file__).with_name("log4j2.properties").as_uri()
    # Otherwise Hudi's object-size estimator attaches a debugger process to its own JVM.
    options = f"-Duser.timezone=UTC -Dlog4j2.configurationFile={log4j} -Djol.skipHotspotSAAttach=true"
    default = "" if _long_work else QUICK_START
    return f"{options} {os.environ.get('METRICCARE_JAVA_OPTIONS', default)}".strip()
