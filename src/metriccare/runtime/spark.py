"""The Spark session: one function for a laptop, a joined notebook kernel and AWS Glue."""

import getpass
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pyspark
from py4j.protocol import Py4JError
from pyspark import SparkConf, SparkContext
from pyspark.java_gateway import launch_gateway
from pyspark.sql import SparkSession

from metriccare.runtime.environment import variables
from metriccare.runtime.jars import HUDI, S3, jars
from metriccare.runtime.java import find_java
from metriccare.runtime.pandas_display import show_whole
from metriccare.settings import HOME_VARIABLE, is_s3

GATEWAY_PORT = "PYSPARK_GATEWAY_PORT"
GATEWAY_SECRET = "PYSPARK_GATEWAY_SECRET"  # noqa: S105
ZONE = "spark.sql.session.timeZone"
# Dates before 1582 are days of today's calendar, as FHIR and the other readers have it; Spark would refuse them.
CALENDAR = {
    f"spark.sql.{format}RebaseModeIn{way}": "CORRECTED"
    for format in ("parquet.datetime", "parquet.int96", "avro.datetime")
    for way in ("Read", "Write")
}

# What PySpark asks the JVM for with every expression.
_ASKED = ("functions", "PythonUtils", "PythonSQLUtils")

_PATIENCE_SECONDS, _STEP_SECONDS = 60.0, 0.2
_chosen: dict[str, str] = {}
_lent: list[bool] = []


def get_spark(*places: str, app: str = "metriccare") -> SparkSession:
    """Return the Spark session of wherever this runs; its session zone is UTC, and tables as text have all columns.

    A session of this process comes first (AWS Glue has one), then the JVM whose gateway this process
    inherited (a notebook executed by a pipeline or a Glue job), else a local Spark with Hudi is started.

    Args:
        places: lakes and raw folders that it will use, `METRICCARE_HOME` instead of an empty one; a local Spark
            that is started for one on S3 can read it.
        app: name of a local Spark that is started.

    Raises:
        JavaError: there is no usable Java, or a jar is needed and can't be fetched.
    """
    if not is_running():
        if GATEWAY_PORT in os.environ:
            _join()
        else:
            _start(app, places)
    spark = SparkSession.builder.getOrCreate()
    for name, value in {ZONE: "UTC", **CALENDAR}.items():
        spark.conf.set(name, value)
    _remember(spark)
    show_whole()
    return spark


def _remember(spark: SparkSession) -> None:
    """Look classes up once: py4j looks for each name in all packages that PySpark imports, through all jars."""
    jvm: Any = spark._jvm
    for name in _ASKED:
        if name not in vars(jvm):
            setattr(jvm, name, getattr(jvm, name))


def is_running() -> bool:
    """Tell whether this process has a Spark context already."""
    return SparkContext._active_spark_context is not None


def is_joined() -> bool:
    """Tell whether the Spark here belongs to (or would come from) the run around it."""
    return GATEWAY_PORT in os.environ or bool(_lent)


@contextmanager
def lent() -> Iterator[None]:
    """Let cells that run in this process use its Spark, which is not theirs to stop."""
    _lent.append(True)
    try:
        yield
    finally:
        _lent.pop()


def settle(*, is_interrupted: bool) -> None:
    """Return when Spark does nothing any more of a cell that was interrupted or failed: it may be run again at once."""
    with suppress(Py4JError, OSError):  # a JVM that is gone writes nothing
        if is_interrupted:
            _stop_jobs()
        else:
            _await_failed_jobs()


def _stop_jobs() -> None:
    """Cancel what Spark runs; return when no call from Python goes on in its JVM, and no task.

    Python leaves an interrupted call behind: the JVM goes on with it, to its next job and to its commit. A cancelled
    job leaves tasks behind, which write their files to the end: one that comes after Hudi has rolled the commit back
    stays for ever, and is read if it is older than the table's first commit. So both must be over before the cell is
    run once more. After some time this gives up waiting.
    """
    context = SparkContext._active_spark_context
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while context is not None and time.monotonic() < deadline:
        context.cancelAllJobs()
        if _calls(context) <= 1 and not _tasks(context):  # this question itself is a call
            return
        time.sleep(_STEP_SECONDS)


def _await_failed_jobs() -> None:
    """Return when no task of a failed job goes on; running jobs, which other threads began, are let alone.

    A job fails with its first task; its other tasks write their files to the end, as those of a cancelled job do.
    After some time this gives up waiting.
    """
    context = SparkContext._active_spark_context
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while context is not None and _tasks(context) > _awaited_tasks(context):
        if time.monotonic() > deadline:
            return
        time.sleep(_STEP_SECONDS)


def _tasks(context: SparkContext) -> int:
    """Count the tasks that run, those of cancelled and failed jobs too."""
    scala: Any = context._jsc.sc()
    scala.listenerBus().waitUntilEmpty()  # what has begun or ended is counted a moment later
    return sum(executor.numRunningTasks() for executor in scala.statusTracker().getExecutorInfos())


def _awaited_tasks(context: SparkContext) -> int:
    """Count the tasks that run for a job that goes on."""
    tracker = context.statusTracker()
    stages = map(tracker.getStageInfo, tracker.getActiveStageIds())
    return sum(stage.numActiveTasks for stage in stages if stage)


def _calls(context: SparkContext) -> int:
    """Count the threads of the JVM that execute a call from Python."""
    gateway: Any = context._gateway
    java = gateway.jvm.java
    stack = gateway.new_array(java.lang.Object, 1)  # the one kind of array whose text can be asked for
    calls = 0
    for thread in java.lang.Thread.getAllStackTraces():
        stack[0] = thread.getStackTrace()
        calls += "py4j.commands." in java.util.Arrays.deepToString(stack)
    return calls


def choose(settings: dict[str, str]) -> None:
    """Remember Spark settings for the session that `get_spark` will start in this process."""
    _chosen.update(settings)


@contextmanager
def share_gateway(spark: SparkSession | None = None) -> Iterator[None]:
    """Let child processes join this process's Spark: `get_spark` in them returns the same session."""
    gateway: Any = (spark or get_spark()).sparkContext._gateway
    shared = {
        GATEWAY_PORT: str(gateway.java_parameters.port),
        GATEWAY_SECRET: str(gateway.java_parameters.auth_token),
    }
    with variables(**shared):
        yield


def _join() -> None:
    """Take the inherited JVM's context; `builder.getOrCreate()` alone would try to create a second one."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    gateway: Any = launch_gateway()  # type: ignore[no-untyped-call]
    jvm = gateway.jvm
    context = jvm.org.apache.spark.SparkContext.getOrCreate()
    java_context = jvm.org.apache.spark.api.java.JavaSparkContext.fromSparkContext(context)
    SparkContext(gateway=gateway, jsc=java_context, conf=SparkConf(_jvm=jvm, _jconf=java_context.getConf()))


def _start(app: str, places: Sequence[str]) -> None:
    os.environ.update(
        JAVA_HOME=str(find_java()),
        SPARK_HOME=str(Path(pyspark.__file__).parent),  # another Spark's jars don't fit this Python side
        SPARK_LOCAL_IP="127.0.0.1",
        PYSPARK_PYTHON=sys.executable,
    )
    on_s3 = any(is_s3(place or os.environ.get(HOME_VARIABLE, "")) for place in places)
    files = jars(HUDI) + (jars(S3) if on_s3 else [])
    settings = local_settings() | (s3_settings() if on_s3 else {}) | _chosen
    settings["spark.jars"] = ",".join(map(str, files))
    conf = SparkConf(loadDefaults=False).setAll(list(settings.items())).setAppName(app)
    # Hudi's tools print on the JVM's standard output, which would be this command's own.
    gateway = launch_gateway(conf, {"stdout": subprocess.DEVNULL})  # type: ignore[no-untyped-call]
    SparkContext(gateway=gateway, conf=conf)


def local_settings() -> dict[str, str]:
    """Return the settings of a local session, for a small machine and a readable terminal."""
    memory = os.environ.get("METRICCARE_DRIVER_MEMORY", "2g")
    partitions = os.environ.get("METRICCARE_SHUFFLE_PARTITIONS", "4")
    return {
        "spark.master": os.environ.get("METRICCARE_MASTER", "local[*]"),
        "spark.driver.memory": memory,
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.extraJavaOptions": _java_options(),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        # A run has a thousand small broadcasts, one per stage, and each takes a whole block: of 4 MB by itself.
        "spark.broadcast.blockSize": "256k",
        # Every query's plan is written as text for the interface that is off.
        "spark.sql.ui.explainMode": "simple",
        "spark.serializer": "org.apache.spark.serializer.KryoSerializer",
        "spark.sql.extensions": "org.apache.spark.sql.hudi.HoodieSparkSessionExtension",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        "spark.sql.shuffle.partitions": partitions,
        # Spark makes this folder, which nobody here uses, in the current one.
        "spark.sql.warehouse.dir": str(Path(tempfile.gettempdir()) / f"metriccare-{getpass.getuser()}"),
        ZONE: "UTC",
    }


def s3_settings() -> dict[str, str]:
    """Return the settings with which a local Spark finds S3 as boto3 does: `AWS_ENDPOINT_URL`, profile, region."""
    connector = {
        "impl": "org.apache.hadoop.fs.s3a.S3AFileSystem",
        "aws.credentials.provider": "com.amazonaws.auth.DefaultAWSCredentialsProviderChain",
    }
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    if region:
        connector["endpoint.region"] = region
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    if endpoint:  # an emulator or a store of one's own
        connector |= {"endpoint": endpoint, "path.style.access": "true"}
    s3a = {f"spark.hadoop.fs.s3a.{name}": value for name, value in connector.items()}
    return s3a | {"spark.hadoop.fs.s3.impl": connector["impl"]}


def _java_options() -> str:
    quiet = Path(__file__).with_name("log4j2.properties").as_uri()
    # Without this Hudi's object-size tool starts a debugger process on the JVM it runs in.
    own = f"-Duser.timezone=UTC -Dlog4j2.configurationFile={quiet} -Djol.skipHotspotSAAttach=true"
    return f"{own} {os.environ.get('METRICCARE_JAVA_OPTIONS', '')}".strip()
