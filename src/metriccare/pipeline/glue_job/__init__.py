"""Runs one notebook as a Glue job: download, execute in the job's Spark, check, store, publish (docs/operations.md)."""

from metriccare.pipeline.glue_job.run import main

__all__ = ["main"]
