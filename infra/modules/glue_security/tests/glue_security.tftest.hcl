mock_provider "aws" {}

variables {
  name        = "metriccare_all_security_dev"
  kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/k"
}

run "everything_is_encrypted_with_the_key" {
  command = plan

  assert {
    condition     = aws_glue_security_configuration.this.encryption_configuration[0].s3_encryption[0].kms_key_arn == var.kms_key_arn
    error_message = "Objects must be encrypted with the key."
  }

  assert {
    condition     = aws_glue_security_configuration.this.encryption_configuration[0].cloudwatch_encryption[0].cloudwatch_encryption_mode == "SSE-KMS"
    error_message = "Logs must be encrypted with the key."
  }

  assert {
    condition     = aws_glue_security_configuration.this.encryption_configuration[0].job_bookmarks_encryption[0].job_bookmarks_encryption_mode == "CSE-KMS"
    error_message = "Bookmarks must be encrypted with the key."
  }
}
