"""The Spark session as a notebook's user sees it: where it runs, whose it is, how it ends.

Spark is imported when a magic asks for it, so that the kernel itself starts fast.
"""

import sys


def describe() -> str:
    """Return one sentence about the session of this kernel."""
    from metriccare.runtime.spark import get_spark, is_joined, is_running

    if not is_running():
        owner = "the run that started this notebook has one" if is_joined() else "it will start one"
        return f"This kernel uses no Spark session yet; with get_spark() {owner}."
    context = get_spark().sparkContext
    owner = "joined from the run that started this notebook" if is_joined() else "started by this kernel"
    return f"Spark {context.version} on {context.master}, application {context.applicationId}, {owner}."


def identify() -> str:
    """Return the id of the Spark application, or a sentence where there is none."""
    from metriccare.runtime.spark import get_spark, is_running

    return str(get_spark().sparkContext.applicationId) if is_running() else describe()


def choose(settings: dict[str, str]) -> str:
    """Keep Spark settings for the session that this kernel starts; return a sentence where it is too late.

    What MetricCare's own sessions have anyway needs no word.
    """
    from metriccare.runtime import spark

    if not (spark.is_running() or spark.is_joined()):
        spark.choose(settings)
        return ""
    late = [name for name, value in settings.items() if spark.local_settings().get(name) != value]
    return f"Spark runs already and keeps its own settings; not applied: {', '.join(late)}" if late else ""


def settle(error: BaseException | None) -> None:
    """After an interrupted or failed cell wait until Spark does nothing of it any more."""
    if error is not None and "pyspark" in sys.modules:
        from metriccare.runtime import spark

        spark.settle(is_interrupted=isinstance(error, KeyboardInterrupt))


def stop() -> str:
    """Stop the session this kernel started; never the one that belongs to the run around it."""
    from metriccare.runtime.spark import get_spark, is_joined, is_running

    if not is_running():
        return describe()
    if is_joined():
        return "Spark belongs to the run that started this notebook, and goes on."
    get_spark().stop()
    return "Spark stopped; get_spark() starts it anew."
