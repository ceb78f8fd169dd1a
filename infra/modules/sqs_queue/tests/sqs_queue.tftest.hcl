mock_provider "aws" {}

variables {
  name                       = "metriccare_raw_uploads_dev"
  dead_letter_name           = "metriccare_raw_dead_letters_dev"
  account_id                 = "123456789012"
  sender_bucket_arn          = "arn:aws:s3:::metriccare-raw-fhir-dev-123456789012"
  kms_key_arn                = "arn:aws:kms:us-east-1:123456789012:key/k"
  visibility_timeout_seconds = 420
}

run "only_the_bucket_sends_and_failures_are_kept" {
  command = apply

  assert {
    condition     = jsondecode(aws_sqs_queue.this.redrive_policy).maxReceiveCount == 5
    error_message = "A message that fails five times must go to the dead letters."
  }

  assert {
    condition     = jsondecode(aws_sqs_queue_policy.this.policy).Statement[0].Condition.ArnEquals["aws:SourceArn"] == var.sender_bucket_arn
    error_message = "Only the bucket may send."
  }

  assert {
    condition     = aws_sqs_queue.this.kms_master_key_id == var.kms_key_arn && aws_sqs_queue.dead_letter.kms_master_key_id == var.kms_key_arn
    error_message = "Both queues must be encrypted with the key."
  }

  assert {
    condition     = aws_sqs_queue.dead_letter.message_retention_seconds == 1209600
    error_message = "Dead letters are kept as long as SQS can."
  }
}

run "thirty_days_of_retention_are_refused" {
  command = plan

  variables {
    retention_days = 30
  }

  expect_failures = [var.retention_days]
}
