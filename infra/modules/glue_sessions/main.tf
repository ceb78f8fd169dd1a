# What interactive sessions run as, and where they log. The sessions themselves are started by people.

module "role" {
  source = "../iam_role"

  name                 = var.name
  description          = "Glue interactive sessions of MetricCare"
  service              = "glue.amazonaws.com"
  source_account       = var.account_id
  statements           = concat(local.statements, var.statements)
  permissions_boundary = var.permissions_boundary
}

# How Glue names its log groups with a security configuration. Glue would create them itself, without retention.
resource "aws_cloudwatch_log_group" "this" {
  for_each = toset(["output", "error"])

  name              = "/aws-glue/sessions/${var.security_configuration}-role/${var.name}/${each.key}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
}

locals {
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
      sid       = "EncryptAndDecrypt"
      actions   = ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"]
      resources = [var.kms_key_arn]
    },
  ]
}
