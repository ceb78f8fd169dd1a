"""The kernels that a notebook can be executed with."""

LOCAL = "metriccare"
GLUE = "glue_pyspark"


def is_remote(kernel: str) -> bool:
    """Tell whether the cells of this kernel run somewhere else."""
    return kernel == GLUE
