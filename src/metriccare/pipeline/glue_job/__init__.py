"""One notebook as a Glue job: downloaded, executed in the job's Spark, checked, kept, reported (docs/operations.md)."""

from metriccare.pipeline.glue_job.run import main

__all__ = ["main"]
