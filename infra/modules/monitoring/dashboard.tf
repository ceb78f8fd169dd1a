# The dashboard: what happened, how long it took, what is waiting, what it cost.

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = var.dashboard_name

  dashboard_body = jsonencode({
    widgets = [
      for position, widget in local.widgets : {
        type   = "metric"
        x      = 12 * (position % 2)
        y      = 6 * floor(position / 2)
        width  = 12
        height = 6
        properties = merge(
          { region = var.region, view = "timeSeries", stacked = false, period = 3600, stat = "Sum" },
          widget,
        )
      }
    ]
  })
}

locals {
  own = { for name in ["RecordsIn", "RecordsQuarantined", "MeasureResults", "BacklogAgeSeconds", "FreshnessSeconds"] :
    name => [var.metric_namespace, name, "Environment", var.environment]
  }

  # Run time of the drivers in milliseconds, summed over all runs of a job.
  elapsed = [
    for position, job in var.jobs :
    ["Glue", "glue.driver.aggregate.elapsedTime", "JobName", job, "JobRunId", "ALL", "Type", "count", { id = "m${position}", label = job, visible = false }]
  ]

  widgets = [
    {
      title = "Runs"
      metrics = [
        ["AWS/Events", "TriggeredRules", "RuleName", var.finished_rule, { label = "succeeded" }],
        ["AWS/Events", "TriggeredRules", "RuleName", var.failed_rule, { label = "failed jobs", color = "#d13212" }],
      ]
    },
    {
      title = "Minutes per hour in which jobs ran"
      metrics = concat(local.elapsed, [
        for position, job in var.jobs : [{ expression = "m${position} / 60000", label = job, id = "e${position}" }]
      ])
    },
    {
      title   = "Records in, and quarantined"
      metrics = [local.own["RecordsIn"], local.own["RecordsQuarantined"]]
    },
    {
      title   = "Results of measures per run"
      stat    = "Maximum"
      metrics = [local.own["MeasureResults"]]
    },
    {
      title   = "Freshness: seconds since the newest data were received"
      stat    = "Maximum"
      metrics = [local.own["FreshnessSeconds"]]
    },
    {
      title = "Backlog: age of the oldest file and of the oldest notification, seconds"
      stat  = "Maximum"
      metrics = [
        local.own["BacklogAgeSeconds"],
        ["AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", var.queue],
      ]
    },
    {
      title = "Notifications waiting, and dead letters"
      stat  = "Maximum"
      metrics = [
        ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", var.queue],
        ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", var.dead_letter_queue, { color = "#d13212" }],
      ]
    },
    {
      title = "DPU hours, at most: running time with all ${var.max_workers} workers"
      metrics = concat(local.elapsed, [
        [{ expression = "SUM(METRICS(\"m\")) / 3600000 * ${var.max_workers * var.dpu_per_worker}", label = "DPU hours, at most", id = "dpu" }],
      ])
    },
    {
      title = "Function: calls and errors"
      metrics = [
        ["AWS/Lambda", "Invocations", "FunctionName", var.function_name],
        ["AWS/Lambda", "Errors", "FunctionName", var.function_name, { color = "#d13212" }],
      ]
    },
  ]
}
