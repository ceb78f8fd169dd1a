# The job of one layer: Spark with Hudi, one run at a time, with its role and its encrypted logs.

resource "aws_glue_job" "this" {
  name                   = var.name
  description            = var.description
  role_arn               = module.role.arn
  glue_version           = var.glue_version
  execution_class        = "STANDARD"
  worker_type            = var.worker_type
  number_of_workers      = var.max_workers
  timeout                = var.timeout_minutes
  max_retries            = var.retries
  security_configuration = var.security_configuration
  default_arguments      = merge(local.arguments, var.arguments)

  command {
    name            = "glueetl"
    python_version  = "3"
    script_location = var.script_location
  }

  execution_property {
    max_concurrent_runs = 1
  }

  # Glue would create them itself, without retention.
  depends_on = [aws_cloudwatch_log_group.this]
}

# How Glue names its log groups with a security configuration; the job's role has the same name as the job.
resource "aws_cloudwatch_log_group" "this" {
  for_each = toset(["output", "error"])

  name              = "/aws-glue/jobs/${var.security_configuration}-role/${var.name}/${each.key}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
}

module "role" {
  source = "../iam_role"

  name                 = var.name
  description          = var.description
  service              = "glue.amazonaws.com"
  source_account       = var.account_id
  statements           = concat(local.statements, var.statements)
  permissions_boundary = var.permissions_boundary
}

locals {
  arguments = {
    "--job-language"                     = "python"
    "--job-bookmark-option"              = "job-bookmark-disable"
    "--datalake-formats"                 = "hudi"
    "--enable-glue-datacatalog"          = "true"
    "--enable-auto-scaling"              = "true"
    "--enable-continuous-cloudwatch-log" = "true"
    "--conf"                             = var.spark_conf
  }

  statements = [
    {
      sid       = "ReadCode"
      actions   = ["s3:GetObject"]
      resources = ["${var.code_bucket_arn}/*"]
    },
    {
      sid     = "WriteLog"
      actions = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "logs:AssociateKmsKey"]
      resources = flatten([
        for group in aws_cloudwatch_log_group.this : [group.arn, "${group.arn}:log-stream:*"]
      ])
    },
    {
      sid        = "PublishMetrics"
      actions    = ["cloudwatch:PutMetricData"]
      resources  = ["*"]
      conditions = { StringEquals = { "cloudwatch:namespace" = [var.metric_namespace] } }
    },
    {
      sid       = "EncryptAndDecrypt"
      actions   = ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"]
      resources = [var.kms_key_arn]
    },
  ]
}
