# Alarms. The dashboard is in dashboard.tf.

resource "aws_cloudwatch_metric_alarm" "job_failed" {
  alarm_name          = var.alarm_names.job_failed
  alarm_description   = "A job failed, was stopped or timed out. The message of the rule names the job and its log, so the alarm sends none."
  namespace           = "AWS/Events"
  metric_name         = "TriggeredRules"
  dimensions          = { RuleName = var.failed_rule }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = "notBreaching"
}

# The rule counts successes and nothing else: hours without one have no value. So a new environment, which has had none,
# has INSUFFICIENT_DATA from the start and stays silent; after a success, hours without a value lead back there and are told.
resource "aws_cloudwatch_metric_alarm" "no_success" {
  alarm_name          = var.alarm_names.no_success
  alarm_description   = "INSUFFICIENT_DATA means: no run has succeeded for ${var.hours_without_success} hours. OK means: runs succeed."
  namespace           = "AWS/Events"
  metric_name         = "TriggeredRules"
  dimensions          = { RuleName = var.finished_rule }
  statistic           = "Sum"
  period              = 3600
  evaluation_periods  = var.hours_without_success
  threshold           = 1
  comparison_operator = "LessThanThreshold"
  treat_missing_data  = "missing"
  alarm_actions       = var.topic_arns
  ok_actions          = var.topic_arns

  insufficient_data_actions = var.topic_arns
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
  alarm_actions       = var.topic_arns
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
  alarm_actions       = var.topic_arns
}

resource "aws_cloudwatch_metric_alarm" "quarantine" {
  alarm_name          = var.alarm_names.quarantine
  alarm_description   = "More than ${var.quarantine_percent} % of the records that a run read were quarantined."
  namespace           = var.metric_namespace
  metric_name         = "QuarantinedPercent"
  dimensions          = { Environment = var.environment }
  statistic           = "Maximum"
  period              = 3600
  evaluation_periods  = 1
  threshold           = var.quarantine_percent
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.topic_arns
}

# The function publishes both ages every hour. An hour without a value keeps the alarm as it is, so that one file or one
# source is told of once.
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
  treat_missing_data  = "ignore"
  alarm_actions       = var.topic_arns
}

resource "aws_cloudwatch_metric_alarm" "freshness" {
  alarm_name          = var.alarm_names.freshness
  alarm_description   = "A source has sent no file for more than ${var.freshness_hours} hours. `metriccare status`, the dashboard and the message after the next run name it."
  namespace           = var.metric_namespace
  metric_name         = "StalestSourceSeconds"
  dimensions          = { Environment = var.environment }
  statistic           = "Maximum"
  period              = 3600
  evaluation_periods  = 1
  threshold           = var.freshness_hours * 3600
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "ignore"
  alarm_actions       = var.topic_arns
  ok_actions          = var.topic_arns
}
