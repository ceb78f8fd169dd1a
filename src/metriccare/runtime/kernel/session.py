"""The Spark session as the user of a notebook sees it: where it runs, who started it, how to stop it.

Spark is imported when a magic needs it, so that the kernel itself starts fast.
"""

import sys


def describe() -> str:
    """Return one sentence about the session of this kernel."""
    from metriccare.runtime.spark import get_spark, is_joined, is_running

    if not is_running():
        effect = "joins the session of the run that started this notebook" if is_joined() else "starts one"
        return f"No Spark session in this kernel yet; get_spark() {effect}."
    context = get_spark().sparkContext
    owner = "shared by the run that started this notebook" if is_joined() else "started by this kernel"
    return f"Spark {context.version} on {context.master}, application {context.applicationId}, {owner}."


def identify() -> str:
    """Return the id of the Spark application, or a sentence if there is none."""
    from metriccare.runtime.spark import get_spark, is_running

    return str(get_spark().sparkContext.applicationId) if is_running() else describe()


def configure(settings: dict[str, str]) -> str:
    """Keep Spark settings for the session that this kernel will start; return a sentence if it is too late for that.

    Settings that every MetricCare session has anyway are not mentioned.
    """
    from metriccare.runtime import spark

    if not (spark.is_running() or spark.is_joined()):
        spark.configure_session(settings)
        return ""
    late = [name for name, value in settings.items() if spark.local_settings().get(name) != value]
    return f"Spark is already running; these settings were not applied: {', '.join(late)}" if late else ""


def wait_until_idle(error: BaseException | None) -> None:
    """After an interrupted or failed cell, wait until Spark no longer works on it."""
    if error is not None and "pyspark" in sys.modules:
        from metriccare.runtime.notebooks import idle

        idle.wait_until_idle(is_interrupted=isinstance(error, KeyboardInterrupt))


def stop() -> str:
    """Stop the session that this kernel started; a session shared by a run is left alone."""
    from metriccare.runtime.spark import get_spark, is_joined, is_running

    if not is_running():
        return describe()
    if is_joined():
        return "Spark belongs to the run that started this notebook and was not stopped."
    get_spark().stop()
    return "Spark stopped; get_spark() starts a new session."
