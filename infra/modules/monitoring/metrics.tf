# The metrics that the jobs and the function publish, with their dimensions beside the environment. The same as in
# src/metriccare/runtime/metrics.py, which says what publishes them; alarms and dashboard name no other.

locals {
  own = {
    JobSeconds           = ["Stage"]
    JobsSucceeded        = ["Stage"]
    JobsFailed           = ["Stage"]
    RecordsIn            = []
    RecordsQuarantined   = []
    QuarantinedPercent   = []
    MeasureResults       = []
    BacklogAgeSeconds    = []
    StalestSourceSeconds = []
    FreshnessSeconds     = ["Source"]
  }

  # As the dashboard names a metric: those of the whole lake, and those of each stage.
  of_lake  = { for name, more in local.own : name => [var.metric_namespace, name, "Environment", var.environment] if length(more) == 0 }
  of_stage = { for name, more in local.own : name => { for stage in var.stages : stage => [var.metric_namespace, name, "Environment", var.environment, "Stage", stage] } if contains(more, "Stage") }

  # The sources are not known here: what has been published is searched.
  of_sources = "SEARCH('{${var.metric_namespace},Environment,Source} MetricName=\"FreshnessSeconds\" Environment=\"${var.environment}\"', 'Maximum', 3600)"
}
