mock_provider "aws" {
  mock_resource "aws_s3_bucket" {
    defaults = { arn = "arn:aws:s3:::metriccare-raw-fhir-dev-123456789012" }
  }
}

variables {
  name              = "metriccare-raw-fhir-dev-123456789012"
  account_id        = "123456789012"
  kms_key_arn       = "arn:aws:kms:us-east-1:123456789012:key/k"
  access_log_bucket = "metriccare-all-access-logs-dev-123456789012"
}

run "bucket_is_private_versioned_encrypted_and_by_tls" {
  command = apply

  assert {
    condition     = aws_s3_bucket_versioning.this.versioning_configuration[0].status == "Enabled"
    error_message = "The bucket must keep versions."
  }

  assert {
    condition     = one(aws_s3_bucket_server_side_encryption_configuration.this.rule).apply_server_side_encryption_by_default[0].kms_master_key_id == var.kms_key_arn
    error_message = "The bucket must be encrypted with the key."
  }

  assert {
    condition = alltrue([
      aws_s3_bucket_public_access_block.this.block_public_acls,
      aws_s3_bucket_public_access_block.this.block_public_policy,
      aws_s3_bucket_public_access_block.this.ignore_public_acls,
      aws_s3_bucket_public_access_block.this.restrict_public_buckets,
    ])
    error_message = "All public access must be blocked."
  }

  assert {
    condition     = jsondecode(aws_s3_bucket_policy.this.policy).Statement[0].Condition.Bool["aws:SecureTransport"] == "false"
    error_message = "Requests without TLS must be refused."
  }

  assert {
    condition     = length(aws_s3_bucket_notification.this) == 0 && length(aws_s3_bucket_logging.this) == 1
    error_message = "By default nobody is told of new objects, and accesses are logged."
  }
}

run "queue_hears_of_new_objects" {
  command = apply

  variables {
    notification = { queue_arn = "arn:aws:sqs:us-east-1:123456789012:q", prefix = "fhir_data/json/" }
  }

  assert {
    condition     = aws_s3_bucket_notification.this[0].queue[0].filter_prefix == "fhir_data/json/"
    error_message = "Only objects under the prefix are told."
  }
}

run "what_expires_is_gone_soon_after" {
  command = apply

  variables {
    noncurrent_days = 365
    expiration_days = { "plans/" = 3, "runs/" = 400 }
  }

  assert {
    condition = {
      for rule in aws_s3_bucket_lifecycle_configuration.this.rule :
      rule.id => [one(rule.expiration[*].days), rule.noncurrent_version_expiration[0].noncurrent_days] if rule.id != "old-versions"
    } == { expire-plans = [3, 3], expire-runs = [400, 365] }
    error_message = "An expired object must not stay as an old version for longer than it lived."
  }
}

run "log_bucket_lets_s3_write" {
  command = apply

  variables {
    takes_access_logs = true
    access_log_bucket = null
    kms_key_arn       = null
    expiration_days   = { "" = 90 }
  }

  assert {
    condition     = jsondecode(aws_s3_bucket_policy.this.policy).Statement[1].Principal.Service == "logging.s3.amazonaws.com"
    error_message = "S3 must be allowed to deliver access logs."
  }

  assert {
    condition     = length(aws_s3_bucket_logging.this) == 0
    error_message = "The log bucket must not log into itself."
  }
}

run "bucket_without_key_is_refused" {
  command = plan

  variables {
    kms_key_arn = null
  }

  expect_failures = [var.kms_key_arn]
}

run "underscore_in_the_name_is_refused" {
  command = plan

  variables {
    name = "metriccare_raw"
  }

  expect_failures = [var.name]
}

run "whole_bucket_has_one_expiration" {
  command = apply

  variables {
    expiration_days = { "" = 30 }
  }

  assert {
    condition = [
      for rule in aws_s3_bucket_lifecycle_configuration.this.rule : rule.expiration[0].days if length(rule.expiration) > 0
    ] == [30]
    error_message = "S3 may refuse two rules on the same objects with an expiration each."
  }

  assert {
    condition = [
      for rule in aws_s3_bucket_lifecycle_configuration.this.rule :
      rule.noncurrent_version_expiration[0].noncurrent_days if length(rule.noncurrent_version_expiration) > 0
    ] == [min(30, var.noncurrent_days)]
    error_message = "The same holds for old versions."
  }
}

run "lone_delete_markers_go_where_only_a_folder_expires" {
  command = apply

  variables {
    expiration_days = { "runs/" = 400 }
  }

  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.this.rule[0].expiration[0].expired_object_delete_marker
    error_message = "Delete markers without an older version must be removed."
  }
}
