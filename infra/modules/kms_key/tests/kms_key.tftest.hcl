mock_provider "aws" {}

variables {
  name        = "metriccare_all_key_dev"
  description = "test"
  account_id  = "123456789012"
  partition   = "aws"
  region      = "eu-central-1"

  deployer_arns = ["arn:aws:iam::123456789012:role/metriccare_all_apply_dev"]
  senders       = ["s3.amazonaws.com", "events.amazonaws.com"]
  encrypts_logs = true
}

run "key_rotates_and_has_a_policy" {
  command = apply

  assert {
    condition     = aws_kms_key.this.enable_key_rotation
    error_message = "The key must rotate."
  }

  assert {
    condition     = aws_kms_alias.this.name == "alias/metriccare_all_key_dev"
    error_message = "The alias must carry the name."
  }

  assert {
    condition = anytrue([
      for statement in jsondecode(aws_kms_key.this.policy).Statement :
      try(statement.Principal.Service == "logs.eu-central-1.amazonaws.com", false)
    ])
    error_message = "CloudWatch Logs of the region must be allowed to use the key."
  }

  assert {
    condition = alltrue([
      for statement in jsondecode(aws_kms_key.this.policy).Statement :
      can(statement.Condition) || try(statement.Principal.AWS, "") == "arn:aws:iam::123456789012:root"
    ])
    error_message = "Only the account itself goes without a condition."
  }

  assert {
    condition = anytrue([
      for statement in jsondecode(aws_kms_key.this.policy).Statement :
      try(
        statement.Condition.ArnEquals["aws:PrincipalArn"] == ["arn:aws:iam::123456789012:role/metriccare_all_apply_dev"]
        && statement.Condition.StringEquals["kms:CallerAccount"] == "123456789012"
        && length(setsubtract(["kms:CreateAlias", "kms:CreateGrant", "kms:EnableKeyRotation", "kms:GenerateDataKey"], statement.Action)) == 0,
        false,
      )
    ])
    error_message = "The role that applies must be able to use a new key before its tags count."
  }

  assert {
    condition = alltrue([
      for statement in jsondecode(aws_kms_key.this.policy).Statement :
      statement.Condition == { StringEqualsIfExists = { "aws:SourceAccount" = "123456789012" } }
      if try(contains(statement.Principal.Service, "s3.amazonaws.com"), false)
    ])
    error_message = "Senders of other accounts are refused, and those that do not say whose they are, are not."
  }
}

run "key_of_nobody_else_has_the_accounts_statement_only" {
  command = apply

  variables {
    deployer_arns = []
    senders       = []
    encrypts_logs = false
  }

  assert {
    condition     = [for statement in jsondecode(aws_kms_key.this.policy).Statement : statement.Sid] == ["AccountDecidesByIam"]
    error_message = "Services and roles that were not asked for must not be in the policy."
  }
}

run "deployer_with_a_wildcard_is_refused" {
  command = plan

  variables {
    deployer_arns = ["arn:aws:iam::123456789012:role/*"]
  }

  expect_failures = [var.deployer_arns]
}

run "short_deletion_window_is_refused" {
  command = plan

  variables {
    deletion_window_days = 3
  }

  expect_failures = [var.deletion_window_days]
}
