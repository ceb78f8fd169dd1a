mock_provider "aws" {}

variables {
  environment    = "dev"
  region         = "us-east-1"
  dashboard_name = "metriccare_all_dashboard_dev"
  alarm_names = {
    job_failed      = "metriccare_all_job_failed_dev"
    no_success      = "metriccare_all_no_success_dev"
    dead_letters    = "metriccare_raw_dead_letters_dev"
    function_errors = "metriccare_raw_function_errors_dev"
    quarantine      = "metriccare_bronze_quarantine_dev"
    backlog         = "metriccare_raw_backlog_dev"
    freshness       = "metriccare_raw_freshness_dev"
  }
  topic_arns            = ["arn:aws:sns:us-east-1:123456789012:metriccare_all_alerts_dev", "arn:aws:sns:us-east-1:123456789012:metriccare_all_chat_alerts_dev"]
  metric_namespace      = "MetricCare"
  finished_rule         = "finished"
  failed_rule           = "failed"
  stages                = ["bronze", "silver", "gold"]
  max_workers           = 4
  queue                 = "uploads"
  dead_letter_queue     = "dead"
  function_name         = "intake"
  hours_without_success = 26
  quarantine_percent    = 5
  backlog_hours         = 6
  freshness_hours       = 48
}

run "alarms_call_the_topics" {
  command = apply

  assert {
    condition = alltrue([
      for alarm in [
        aws_cloudwatch_metric_alarm.no_success, aws_cloudwatch_metric_alarm.dead_letters,
        aws_cloudwatch_metric_alarm.function_errors, aws_cloudwatch_metric_alarm.quarantine,
        aws_cloudwatch_metric_alarm.backlog, aws_cloudwatch_metric_alarm.freshness,
      ] : alarm.alarm_actions == toset(var.topic_arns)
    ])
    error_message = "Each alarm must call the topics."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.job_failed.alarm_actions == null
    error_message = "A failed job is told once, by the message that names it."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.no_success.treat_missing_data == "missing" && aws_cloudwatch_metric_alarm.no_success.insufficient_data_actions == toset(var.topic_arns)
    error_message = "Hours without success must be told, but not those before the first one."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.backlog.threshold == 21600 && aws_cloudwatch_metric_alarm.freshness.threshold == 172800
    error_message = "Six hours are 21600 seconds, two days 172800."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.quarantine.metric_name == "QuarantinedPercent" && aws_cloudwatch_metric_alarm.quarantine.statistic == "Maximum"
    error_message = "Quarantine is judged run by run."
  }
}

run "dashboard_shows_what_was_asked_for" {
  command = apply

  assert {
    condition = alltrue([
      for name in concat(keys(local.own), ["TriggeredRules", "DPU hours"]) :
      strcontains(aws_cloudwatch_dashboard.this.dashboard_body, name)
    ])
    error_message = "The dashboard must show every metric of our own, runs, and DPU hours."
  }

  assert {
    condition     = length(jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets) == 11
    error_message = "The dashboard has eleven widgets."
  }
}

run "eight_days_without_success_are_refused" {
  command = plan

  variables {
    hours_without_success = 192
  }

  expect_failures = [var.hours_without_success]
}

run "share_of_all_records_is_refused" {
  command = plan

  variables {
    quarantine_percent = 100
  }

  expect_failures = [var.quarantine_percent]
}
