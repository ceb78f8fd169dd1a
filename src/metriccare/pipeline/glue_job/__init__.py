"""One notebook as a Glue job: fetched, executed in the job's Spark, proved, kept; then told (docs/operations.md)."""

from metriccare.pipeline.glue_job.run import main

__all__ = ["main"]
