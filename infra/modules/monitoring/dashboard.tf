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
  # One hidden metric per stage, for the expressions beside it.
  hidden = {
    for prefix, name in { s = "JobSeconds", f = "JobsFailed", o = "JobsSucceeded" } : prefix => [
      for stage in var.stages : concat(local.of_stage[name][stage], [{ id = "${prefix}_${stage}", label = stage, visible = false }])
    ]
  }

  widgets = [
    {
      title = "Runs"
      metrics = [
        ["AWS/Events", "TriggeredRules", "RuleName", var.finished_rule, { label = "succeeded" }],
        ["AWS/Events", "TriggeredRules", "RuleName", var.failed_rule, { label = "failed jobs", color = "#d13212" }],
      ]
    },
    {
      title = "Minutes that jobs ran, per hour"
      metrics = concat(local.hidden.s, [
        for stage in var.stages : [{ expression = "s_${stage} / 60", label = stage, id = "m_${stage}" }]
      ])
    },
    {
      title = "Jobs that failed, % of all attempts"
      metrics = concat(local.hidden.f, local.hidden.o, [
        for stage in var.stages : [{ expression = "100 * f_${stage} / (f_${stage} + o_${stage})", label = stage, id = "r_${stage}" }]
      ])
    },
    {
      title   = "Records read, and quarantined as they were read"
      metrics = [local.of_lake["RecordsIn"], local.of_lake["RecordsQuarantined"]]
    },
    {
      title   = "Quarantined, % of the records that a run read"
      stat    = "Maximum"
      metrics = [local.of_lake["QuarantinedPercent"]]
    },
    {
      title   = "Results of measures per run"
      stat    = "Maximum"
      metrics = [local.of_lake["MeasureResults"]]
    },
    {
      title   = "Freshness: seconds since the newest file of each source, and of the stalest one"
      stat    = "Maximum"
      metrics = [[{ expression = local.of_sources, id = "sources" }], local.of_lake["StalestSourceSeconds"]]
    },
    {
      title = "Backlog: age of the oldest file and of the oldest notification, seconds"
      stat  = "Maximum"
      metrics = [
        local.of_lake["BacklogAgeSeconds"],
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
      metrics = concat(local.hidden.s, [
        [{ expression = "(${join(" + ", [for stage in var.stages : "FILL(s_${stage}, 0)"])}) / 3600 * ${var.max_workers * var.dpu_per_worker}", label = "DPU hours, at most", id = "dpu" }],
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
