# When the function checks for waiting files (on a schedule and after each run), and where failed jobs are reported.

resource "aws_cloudwatch_event_rule" "schedule" {
  for_each = local.schedules

  name                = each.value.name
  description         = "Check for waiting files: ${each.value.expression}"
  schedule_expression = each.value.expression
}

resource "aws_cloudwatch_event_rule" "finished" {
  name        = var.finished_rule_name
  description = "The last job succeeded: check for files that have arrived in the meantime"

  event_pattern = jsonencode({
    source        = ["aws.glue"]
    "detail-type" = ["Glue Job State Change"]
    detail        = { jobName = [var.last_job], state = ["SUCCEEDED"] }
  })
}

resource "aws_cloudwatch_event_rule" "failed" {
  name        = var.failed_rule_name
  description = "A job failed in its first attempt"

  # Glue tries again by itself, and gives each attempt an id of its own: one failure is told once.
  event_pattern = jsonencode({
    source        = ["aws.glue"]
    "detail-type" = ["Glue Job State Change"]
    detail = {
      jobName  = var.jobs
      state    = ["FAILED", "TIMEOUT", "STOPPED", "ERROR"]
      jobRunId = [{ "anything-but" = { wildcard = "*_attempt_*" } }]
    }
  })
}

resource "aws_cloudwatch_event_target" "function" {
  for_each = local.rules_of_function

  rule      = each.value
  target_id = "function"
  arn       = var.function_arn

  # Once a day a run starts in any case: it lists the bucket, so files with a lost notification are found.
  input = each.key == "daily" ? jsonencode({ source = "metriccare.daily", always = true }) : null

  retry_policy {
    maximum_event_age_in_seconds = 3600
    maximum_retry_attempts       = 10
  }
}

resource "aws_lambda_permission" "rule" {
  for_each = local.rule_arns_of_function

  statement_id  = each.key
  action        = "lambda:InvokeFunction"
  function_name = var.function_name
  principal     = "events.amazonaws.com"
  source_arn    = each.value
}

resource "aws_cloudwatch_event_target" "topic" {
  rule      = aws_cloudwatch_event_rule.failed.name
  target_id = "topic"
  arn       = var.topic_arn

  input_transformer {
    input_paths    = local.told
    input_template = "\"MetricCare ${var.environment}: the job <job> ended as <state> at <time>, run <run>. ${local.next}Log: ${local.log_link}\""
  }
}

resource "aws_cloudwatch_event_target" "chat_topic" {
  count = var.chat_topic == null ? 0 : 1

  rule      = aws_cloudwatch_event_rule.failed.name
  target_id = "chat_topic"
  arn       = var.chat_topic.arn

  input_transformer {
    input_paths    = local.told
    input_template = local.chat_message
  }
}

locals {
  # Without the error text, which may contain patient data and quotes: it stays in the encrypted log.
  told = {
    job   = "$.detail.jobName"
    run   = "$.detail.jobRunId"
    state = "$.detail.state"
    time  = "$.time"
  }
  next = var.job_retries == 0 ? "" : "Glue tries it again if it FAILED; the message of the run follows if that succeeds. "

  chat_message = templatefile("${path.module}/chat_message.json.tftpl", {
    environment = var.environment
    next        = local.next
    log_link    = local.log_link
  })

  schedules = { for name, schedule in var.schedules : name => schedule if schedule.expression != null }

  rules_of_function = merge(
    { for name, rule in aws_cloudwatch_event_rule.schedule : name => rule.name },
    { finished = aws_cloudwatch_event_rule.finished.name },
  )
  rule_arns_of_function = merge(
    { for name, rule in aws_cloudwatch_event_rule.schedule : name => rule.arn },
    { finished = aws_cloudwatch_event_rule.finished.arn },
  )

  # In console URLs, / in the name of a log group is written $252F, and ? and = are $3F and $3D.
  log_link = join("", [
    "https://${var.region}.console.aws.amazon.com/cloudwatch/home?region=${var.region}#logsV2:log-groups/log-group/",
    # In Glue 5.0 what the script itself prints, standard error too, is in the group "output".
    replace("/aws-glue/jobs/${var.security_configuration}-role/<job>/output", "/", "$252F"),
    "$3FlogStreamNameFilter$3D<run>",
  ])
}
