mock_provider "aws" {}

variables {
  name        = "metriccare_bronze_job_dev"
  description = "test"
  service     = "glue.amazonaws.com"
  statements = [{
    sid       = "ReadRaw"
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::bucket/key"]
  }]
}

run "statement_becomes_policy" {
  command = apply

  assert {
    condition = jsondecode(aws_iam_role_policy.this[0].policy).Statement == [{
      Sid = "ReadRaw", Effect = "Allow", Action = ["s3:GetObject"], Resource = ["arn:aws:s3:::bucket/key"]
    }]
    error_message = "The policy must hold exactly the statement."
  }

  assert {
    condition     = jsondecode(aws_iam_role.this.assume_role_policy).Statement[0].Principal.Service == "glue.amazonaws.com"
    error_message = "The service must be allowed to take the role."
  }
}

run "wildcard_action_is_refused" {
  command = plan

  variables {
    statements = [{ sid = "Read", actions = ["s3:Get*"], resources = ["arn:aws:s3:::bucket/key"] }]
  }

  expect_failures = [var.statements]
}

run "wildcard_resource_is_refused" {
  command = plan

  variables {
    statements = [{ sid = "Read", actions = ["s3:GetObject"], resources = ["*"] }]
  }

  expect_failures = [var.statements]
}

run "metrics_without_namespace_are_refused" {
  command = plan

  variables {
    statements = [{ sid = "Metrics", actions = ["cloudwatch:PutMetricData"], resources = ["*"] }]
  }

  expect_failures = [var.statements]
}

run "metrics_held_to_a_namespace_are_allowed" {
  command = plan

  variables {
    statements = [{
      sid        = "Metrics"
      actions    = ["cloudwatch:PutMetricData"]
      resources  = ["*"]
      conditions = { StringEquals = { "cloudwatch:namespace" = ["MetricCare"] } }
    }]
  }
}
