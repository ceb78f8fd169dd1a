mock_provider "aws" {
  mock_resource "aws_cloudwatch_event_rule" {
    defaults = { arn = "arn:aws:events:us-east-1:123456789012:rule/r" }
  }
}

variables {
  environment = "dev"
  region      = "us-east-1"
  schedules = {
    daily  = { name = "metriccare_all_daily_dev", expression = "cron(0 5 * * ? *)" }
    hourly = { name = "metriccare_all_hourly_dev", expression = null }
  }
  finished_rule_name     = "metriccare_gold_finished_dev"
  failed_rule_name       = "metriccare_all_failed_dev"
  function_name          = "metriccare_raw_intake_dev"
  function_arn           = "arn:aws:lambda:us-east-1:123456789012:function:metriccare_raw_intake_dev"
  topic_arn              = "arn:aws:sns:us-east-1:123456789012:metriccare_all_alerts_dev"
  jobs                   = ["bronze", "gold"]
  last_job               = "gold"
  security_configuration = "metriccare_all_security_dev"
}

run "clock_and_end_of_run_call_the_function" {
  command = apply

  assert {
    condition     = keys(aws_cloudwatch_event_target.function) == ["daily", "finished"]
    error_message = "A schedule without expression has no rule; all others call the function."
  }

  assert {
    condition     = keys(aws_lambda_permission.rule) == keys(aws_cloudwatch_event_target.function)
    error_message = "Each rule that calls the function must be allowed to."
  }
}

run "every_way_to_fail_is_told" {
  command = apply

  assert {
    condition     = toset(jsondecode(aws_cloudwatch_event_rule.failed.event_pattern).detail.state) == toset(["FAILED", "TIMEOUT", "STOPPED", "ERROR"])
    error_message = "FAILED, TIMEOUT, STOPPED and ERROR must be told."
  }

  assert {
    condition     = strcontains(aws_cloudwatch_event_target.topic.input_transformer[0].input_template, "$252Faws-glue$252Fjobs$252Fmetriccare_all_security_dev-role$252F<job>$252Foutput")
    error_message = "The message must link to the job's log."
  }

  assert {
    condition     = can(jsondecode(aws_cloudwatch_event_target.topic.input_transformer[0].input_template))
    error_message = "The template must be a quoted sentence."
  }
}

run "a_failure_is_told_once" {
  command = apply

  assert {
    condition     = jsondecode(aws_cloudwatch_event_rule.failed.event_pattern).detail.jobRunId == [{ "anything-but" = { wildcard = "*_attempt_*" } }]
    error_message = "Only the first attempt of a job may be told."
  }

  assert {
    condition     = length(aws_cloudwatch_event_target.chat_topic) == 0
    error_message = "Without a chat channel there is no second target."
  }
}

run "a_chat_channel_gets_its_schema" {
  command = apply

  variables {
    chat_topic = { arn = "arn:aws:sns:us-east-1:123456789012:metriccare_all_chat_alerts_dev" }
  }

  assert {
    condition     = aws_cloudwatch_event_target.chat_topic[0].arn == var.chat_topic.arn
    error_message = "The channel's topic must be told."
  }

  assert {
    condition     = jsondecode(aws_cloudwatch_event_target.chat_topic[0].input_transformer[0].input_template).source == "custom"
    error_message = "The template must be JSON in the schema of custom notifications."
  }
}

run "wrong_schedule_is_refused" {
  command = plan

  variables {
    schedules = { daily = { name = "metriccare_all_daily_dev", expression = "every day" } }
  }

  expect_failures = [var.schedules]
}
