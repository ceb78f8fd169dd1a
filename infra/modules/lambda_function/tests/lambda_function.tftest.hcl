mock_provider "aws" {
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/metriccare_raw_intake_dev" }
  }
  mock_resource "aws_lambda_function" {
    defaults = { arn = "arn:aws:lambda:us-east-1:123456789012:function:metriccare_raw_intake_dev" }
  }
  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/metriccare_raw_intake_dev" }
  }
}

variables {
  name               = "metriccare_raw_intake_dev"
  description        = "test"
  code_bucket        = "metriccare-all-scripts-dev-123456789012"
  code_key           = "code/0123456789abcdef/lambda_function.zip"
  queue_arn          = "arn:aws:sqs:us-east-1:123456789012:metriccare_raw_uploads_dev"
  kms_key_arn        = "arn:aws:kms:us-east-1:123456789012:key/k"
  log_retention_days = 30
  environment        = { LAKE = "metriccare_dev" }
  statements = [{
    sid       = "StartWorkflow"
    actions   = ["glue:StartWorkflowRun"]
    resources = ["arn:aws:glue:us-east-1:123456789012:workflow/metriccare_all_workflow_dev"]
  }]
}

run "queue_feeds_the_function_in_batches" {
  command = apply

  assert {
    condition     = aws_lambda_event_source_mapping.queue.function_response_types == toset(["ReportBatchItemFailures"])
    error_message = "Only failed messages may come back."
  }

  assert {
    condition     = aws_lambda_event_source_mapping.queue.maximum_batching_window_in_seconds == 60 && aws_lambda_event_source_mapping.queue.scaling_config[0].maximum_concurrency == 2
    error_message = "Messages are gathered for a minute, and two calls run at most."
  }

  assert {
    condition     = aws_lambda_function.this.handler == "handler.handle" && aws_lambda_function.this.s3_key == var.code_key
    error_message = "The function must run the uploaded code."
  }

  assert {
    condition     = aws_cloudwatch_log_group.this.kms_key_id == var.kms_key_arn && aws_cloudwatch_log_group.this.retention_in_days == 30
    error_message = "The log must be encrypted, and end."
  }
}

run "window_of_an_hour_is_refused" {
  command = plan

  variables {
    batching_window_seconds = 3600
  }

  expect_failures = [var.batching_window_seconds]
}

run "other_language_is_refused" {
  command = plan

  variables {
    runtime = "nodejs22.x"
  }

  expect_failures = [var.runtime]
}
