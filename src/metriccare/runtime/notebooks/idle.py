"""Waits after a cell that was interrupted or failed until Spark no longer works on it, so that it can be run again."""

import time
from contextlib import suppress
from typing import Any

from py4j.protocol import Py4JError
from pyspark import SparkContext

_TIMEOUT_SECONDS, _POLL_SECONDS = 60.0, 0.2
_POLLS = 4  # in a row: what Spark tells of tasks and stages is old by a tenth of a second, or more on a busy machine


def wait_until_idle(*, is_interrupted: bool) -> None:
    """Return when Spark no longer works on a cell that was interrupted or failed, at the latest after a minute."""
    with suppress(Py4JError, OSError):  # a JVM that has exited writes nothing
        if is_interrupted:
            _cancel_jobs()
        else:
            _await_failed_jobs()


def _cancel_jobs() -> None:
    """Cancel all jobs; return when no call from Python and no task is running in the JVM.

    An interrupt does not reach the JVM: the call continues there, to its next job and to its commit. Tasks of a
    cancelled job still write their files: a file written after Hudi has rolled the commit back is never removed, and
    is read if it is older than the table's first commit. So both must be over before the cell is run again.
    """
    context = SparkContext._active_spark_context
    deadline = time.monotonic() + _TIMEOUT_SECONDS
    polls_idle = 0
    while context is not None and polls_idle < _POLLS and time.monotonic() < deadline:
        context.cancelAllJobs()
        is_idle = _count_calls(context) <= 1 and not _count_tasks(context)  # this query is itself a call
        polls_idle = polls_idle + 1 if is_idle else 0
        time.sleep(_POLL_SECONDS)


def _await_failed_jobs() -> None:
    """Return when no task of a failed job is running; jobs of other threads are left alone.

    A job fails with its first failed task; its other tasks still write their files, as those of a cancelled job do.
    """
    context = SparkContext._active_spark_context
    deadline = time.monotonic() + _TIMEOUT_SECONDS
    polls_idle = 0
    while context is not None and polls_idle < _POLLS and time.monotonic() < deadline:
        is_idle = _count_tasks(context) <= _count_active_tasks(context)
        polls_idle = polls_idle + 1 if is_idle else 0
        time.sleep(_POLL_SECONDS)


def _count_tasks(context: SparkContext) -> int:
    """Count the running tasks, including those of cancelled and failed jobs."""
    scala: Any = context._jsc.sc()
    scala.listenerBus().waitUntilEmpty()  # the counts lag behind the listener bus
    return sum(executor.numRunningTasks() for executor in scala.statusTracker().getExecutorInfos())


def _count_active_tasks(context: SparkContext) -> int:
    """Count the running tasks of active jobs."""
    tracker = context.statusTracker()
    stages = map(tracker.getStageInfo, tracker.getActiveStageIds())
    return sum(stage.numActiveTasks for stage in stages if stage)


def _count_calls(context: SparkContext) -> int:
    """Count the JVM's threads that execute a call from Python."""
    gateway: Any = context._gateway
    java = gateway.jvm.java
    stack = gateway.new_array(java.lang.Object, 1)  # deepToString takes an Object[] only
    calls = 0
    for thread in java.lang.Thread.getAllStackTraces():
        stack[0] = thread.getStackTrace()
        calls += "py4j.commands." in java.util.Arrays.deepToString(stack)
    return calls
