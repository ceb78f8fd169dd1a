mock_provider "aws" {}

variables {
  name        = "metriccare_all_ledger_dev"
  kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/k"
}

run "table_is_what_the_ledger_expects" {
  command = plan

  assert {
    condition     = aws_dynamodb_table.this.hash_key == "lake" && aws_dynamodb_table.this.range_key == "item"
    error_message = "The keys must be lake and item."
  }

  assert {
    condition     = one(aws_dynamodb_table.this.local_secondary_index).name == "by_state"
    error_message = "The index by_state must exist from the start."
  }

  assert {
    condition     = aws_dynamodb_table.this.point_in_time_recovery[0].enabled && aws_dynamodb_table.this.server_side_encryption[0].enabled
    error_message = "The table must be backed up and encrypted."
  }

  assert {
    condition     = aws_dynamodb_table.this.deletion_protection_enabled
    error_message = "By default the table can't be deleted."
  }
}
