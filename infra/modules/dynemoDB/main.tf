# The ledger: files read, current writers, each stage's checkpoint. One partition per lake.
# Keys and index are those of metriccare.lake.ledger.dynamodb_store.create_table; a local index can only be created with the table.

resource "aws_dynamodb_table" "this" {
  name                        = var.name
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "lake"
  range_key                   = "item"
  deletion_protection_enabled = var.deletion_protection

  attribute {
    name = "lake"
    type = "S"
  }

  attribute {
    name = "item"
    type = "S"
  }

  attribute {
    name = "state"
    type = "S"
  }

  local_secondary_index {
    name            = "by_state"
    range_key       = "state"
    projection_type = "ALL"
  }

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = var.kms_key_arn
  }
}
