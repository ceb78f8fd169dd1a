"""The arguments that Glue itself reads from a session's DefaultArguments; others are left to the script.

https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-glue-arguments.html, and what the kernel adds.
"""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

MODULES = "--additional-python-modules"
INSTALLER_OPTION = "--python-modules-installer-option"
FORMATS = "--datalake-formats"
CONF = "--conf"
_HUDI_EXTENSION = "HoodieSparkSessionExtension"
_CLOSE = 0.85

KNOWN = (
    MODULES,
    INSTALLER_OPTION,
    FORMATS,
    CONF,
    "--auto-scale-within-microbatch",
    "--class",
    "--continuous-log-conversionPattern",
    "--continuous-log-logGroup",
    "--continuous-log-logStreamPrefix",
    "--customer-driver-env-vars",
    "--customer-executor-env-vars",
    "--disable-proxy-v2",
    "--enable-auto-scaling",
    "--enable-continuous-cloudwatch-log",
    "--enable-continuous-log-filter",
    "--enable-glue-datacatalog",
    "--enable-job-insights",
    "--enable-metrics",
    "--enable-observability-metrics",
    "--enable-rename-algorithm-v2",
    "--enable-s3-parquet-optimized-committer",
    "--enable-spark-ui",
    "--executor-cores",
    "--extra-files",
    "--extra-jars",
    "--extra-py-files",
    "--glue_kernel_version",
    "--job-bookmark-from",
    "--job-bookmark-option",
    "--job-bookmark-to",
    "--job-language",
    "--python-path",
    "--scriptLocation",
    "--spark-event-logs-path",
    "--TempDir",
    "--use-postgres-driver",
    "--user-jars-first",
    "--write-shuffle-files-to-s3",
    "--write-shuffle-spills-to-s3",
)


def argument_problems(arguments: dict[str, str]) -> Iterator[str]:
    """Yield a sentence for each argument that Glue would pass over although it looks like one of its own."""
    for name in arguments.keys() - set(KNOWN):
        yield from (
            f"{name} is not an argument of Glue, which would ignore it; did you mean {close}?"
            for close in get_close_matches(f"--{name.lstrip('-')}", KNOWN, 1, _CLOSE)
        )
    if _HUDI_EXTENSION in arguments.get(CONF, "") and "hudi" not in _listed(arguments.get(FORMATS, "")):
        yield f"The Spark settings name Hudi's extension, but Glue brings Hudi only with {FORMATS} hudi."


def _listed(text: str) -> Iterable[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
