mock_provider "aws" {}

variables {
  name             = "metriccare_gold_readers_dev"
  description      = "test"
  results_location = "s3://athena/readers/"
  kms_key_arn      = "arn:aws:kms:us-east-1:123456789012:key/k"
}

run "settings_are_enforced" {
  command = plan

  assert {
    condition     = aws_athena_workgroup.this.configuration[0].enforce_workgroup_configuration
    error_message = "Clients must not override the settings."
  }

  assert {
    condition     = aws_athena_workgroup.this.configuration[0].result_configuration[0].encryption_configuration[0].kms_key_arn == var.kms_key_arn
    error_message = "Results must be encrypted with the key."
  }

  assert {
    condition     = aws_athena_workgroup.this.configuration[0].bytes_scanned_cutoff_per_query == 10737418240
    error_message = "A query must be bounded."
  }
}

run "whole_bucket_for_results_is_refused" {
  command = plan

  variables {
    results_location = "s3://athena/"
  }

  expect_failures = [var.results_location]
}
