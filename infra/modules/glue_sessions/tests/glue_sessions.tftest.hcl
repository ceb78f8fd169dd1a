mock_provider "aws" {
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/metriccare_gold_sessions_dev" }
  }
}

variables {
  name                   = "metriccare_gold_sessions_dev"
  account_id             = "123456789012"
  code_bucket_arn        = "arn:aws:s3:::scripts"
  security_configuration = "metriccare_all_security_dev"
  kms_key_arn            = "arn:aws:kms:us-east-1:123456789012:key/k"
  log_retention_days     = 30
  statements             = [{ sid = "ReadGold", actions = ["s3:GetObject"], resources = ["arn:aws:s3:::lake/gold/*"] }]
}

run "logs_are_encrypted_and_kept_for_a_limited_time" {
  command = apply

  assert {
    condition     = output.log_groups["error"] == "/aws-glue/sessions/metriccare_all_security_dev-role/metriccare_gold_sessions_dev/error"
    error_message = "The log group must be the one that Glue writes to."
  }

  assert {
    condition     = alltrue([for group in aws_cloudwatch_log_group.this : group.retention_in_days == 30 && group.kms_key_id == var.kms_key_arn])
    error_message = "Logs have a retention and the environment's key."
  }

  assert {
    condition     = output.arn == "arn:aws:iam::123456789012:role/metriccare_gold_sessions_dev"
    error_message = "The kernel needs the role's ARN."
  }
}
