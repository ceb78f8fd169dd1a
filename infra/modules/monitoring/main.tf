# Alarms. The dashboard is in dashboard.tf.

resource "aws_cloudwatch_metric_alarm" "job_failed" {
  alarm_name          = var.alarm_names.job_failed
  alarm_description   = "A job failed, was stopped or timed out. The message from the failed-job rule names the job and its log."
  namespace           = "AWS/Events"
  metric_name         = "TriggeredRules"
  dimensions          = { RuleName = var.failed_rule }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [var.topic_arn]
}

resource "aws_cloudwatch_metric_alarm" "no_success" {
  alarm_name          = var.alarm_names.no_success
  alarm_description   = "No run has succeeded for ${var.hours_without_success} hours."
  namespace           = "AWS/Events"
  metric_name         = "TriggeredRules"
  dimensions          = { RuleName = var.finished_rule }
  statistic           = "Sum"
  period              = 3600
  evaluation_periods  = var.hours_without_success
  threshold           = 1
  comparison_operator = "LessThanThreshold"
  treat_missing_data  = "breaching"
  alarm_actions       = [var.topic_arn]
  ok_actions          = [var.topic_arn]
}

resource "aws_cloudwatch_metric_alarm" "dead_letters" {
  alarm_name          = var.alarm_names.dead_letters
  alarm_description   = "Upload notifications could not be processed and are in the dead-letter queue."
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = var.dead_letter_queue }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [var.topic_arn]
}

resource "aws_cloudwatch_metric_alarm" "function_errors" {
  alarm_name          = var.alarm_names.function_errors
  alarm_description   = "The function that registers uploads and starts the workflow failed in three consecutive five-minute periods."
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = var.function_name }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 3
  threshold           = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [var.topic_arn]
}

resource "aws_cloudwatch_metric_alarm" "quarantine" {
  alarm_name          = var.alarm_names.quarantine
  alarm_description   = "More than ${var.quarantine_percent} % of the records of a run were quarantined."
  evaluation_periods  = 1
  threshold           = var.quarantine_percent
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [var.topic_arn]

  metric_query {
    id          = "share"
    expression  = "IF(records > 0, 100 * quarantined / records, 0)"
    label       = "Quarantined, %"
    return_data = true
  }

  metric_query {
    id = "records"

    metric {
      namespace   = var.metric_namespace
      metric_name = "RecordsIn"
      dimensions  = { Environment = var.environment }
      stat        = "Sum"
      period      = 3600
    }
  }

  metric_query {
    id = "quarantined"

    metric {
      namespace   = var.metric_namespace
      metric_name = "RecordsQuarantined"
      dimensions  = { Environment = var.environment }
      stat        = "Sum"
      period      = 3600
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "backlog" {
  alarm_name          = var.alarm_names.backlog
  alarm_description   = "The oldest file in the ledger has waited for more than ${var.backlog_hours} hours."
  namespace           = var.metric_namespace
  metric_name         = "BacklogAgeSeconds"
  dimensions          = { Environment = var.environment }
  statistic           = "Maximum"
  period              = 3600
  evaluation_periods  = 1
  threshold           = var.backlog_hours * 3600
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [var.topic_arn]
}
