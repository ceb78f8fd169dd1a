# A function fed by a queue. Its code is in S3 under a key that contains the code's hash.

resource "aws_lambda_function" "this" {
  function_name = var.name
  description   = var.description
  role          = module.role.arn
  runtime       = var.runtime
  handler       = var.handler
  s3_bucket     = var.code_bucket
  s3_key        = var.code_key
  timeout       = var.timeout_seconds
  memory_size   = var.memory_mb
  kms_key_arn   = var.kms_key_arn

  environment {
    variables = var.environment
  }

  # Lambda would create the log group itself, without retention; and the mapping is rejected until the role may read the queue.
  depends_on = [aws_cloudwatch_log_group.this, module.role]
}

resource "aws_lambda_event_source_mapping" "queue" {
  event_source_arn                   = var.queue_arn
  function_name                      = aws_lambda_function.this.arn
  batch_size                         = var.batch_size
  maximum_batching_window_in_seconds = var.batching_window_seconds
  function_response_types            = ["ReportBatchItemFailures"]

  scaling_config {
    maximum_concurrency = var.maximum_concurrency
  }
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/aws/lambda/${var.name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
}

module "role" {
  source = "../iam_role"

  name                 = var.name
  description          = var.description
  service              = "lambda.amazonaws.com"
  statements           = concat(local.statements, var.statements)
  permissions_boundary = var.permissions_boundary
}

locals {
  statements = [
    {
      sid       = "ReceiveUploads"
      actions   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
      resources = [var.queue_arn]
    },
    {
      sid       = "WriteLog"
      actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      resources = ["${aws_cloudwatch_log_group.this.arn}:log-stream:*"]
    },
    {
      sid       = "Decrypt"
      actions   = ["kms:Decrypt"]
      resources = [var.kms_key_arn]
    },
  ]
}
