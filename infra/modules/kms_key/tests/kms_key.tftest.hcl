mock_provider "aws" {}

variables {
  name        = "metriccare_all_key_dev"
  description = "test"
  account_id  = "123456789012"
  partition   = "aws"
  region      = "eu-central-1"
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
      can(statement.Condition) || try(statement.Principal.AWS, statement.Principal.Service) == "events.amazonaws.com" || can(statement.Principal.AWS)
    ])
    error_message = "Only the account itself and EventBridge go without a condition."
  }
}

run "short_deletion_window_is_refused" {
  command = plan

  variables {
    deletion_window_days = 3
  }

  expect_failures = [var.deletion_window_days]
}
