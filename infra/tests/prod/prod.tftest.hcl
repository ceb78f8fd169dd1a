# What is different in prod. Nothing is applied, since Terraform could not destroy it again. Run with
# TF_WORKSPACE=prod terraform test -test-directory=tests/prod.

mock_provider "aws" {
  override_data {
    target = data.aws_caller_identity.this
    values = { account_id = "123456789012" }
  }
  override_data {
    target = data.aws_partition.this
    values = { partition = "aws" }
  }
  override_data {
    target = data.aws_region.this
    values = { name = "eu-central-1" }
  }
}

variables {
  python_modules = "./tests/fixtures/metriccare-0.0.0.gluewheels.zip"
  lambda_archive = "./tests/fixtures/lambda_function.zip"
}

run "prod_that_tells_nobody_is_refused" {
  command = plan

  expect_failures = [data.aws_caller_identity.this]
}

run "an_address_is_enough" {
  command = plan

  variables {
    alert_emails = ["quality@hospital.example"]
  }

  assert {
    condition     = length(terraform_data.protection) == 1 && local.deletion_protection && !local.force_destroy
    error_message = "Prod can't be destroyed, and no bucket of it with its data."
  }
}

run "a_channel_is_enough" {
  command = plan

  variables {
    slack = { team_id = "T0123ABCD", channel_id = "C0123ABCD" }
  }

  assert {
    condition     = length(terraform_data.protection) == 1
    error_message = "Prod can't be destroyed."
  }
}

run "protection_can_be_lifted" {
  command = plan

  variables {
    alert_emails        = ["quality@hospital.example"]
    deletion_protection = false
  }

  assert {
    condition     = length(terraform_data.protection) == 0 && local.force_destroy
    error_message = "What is not protected can be destroyed with its data."
  }
}
