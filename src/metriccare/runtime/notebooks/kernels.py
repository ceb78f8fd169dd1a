"""The kernels that a notebook can be executed with."""

LOCAL = "metriccare"
GLUE = "glue_pyspark"


def is_remote(kernel: str) -> bool:
    """Return whether the cells of this kernel run outside this machine's own Spark session."""
    return kernel == GLUE
