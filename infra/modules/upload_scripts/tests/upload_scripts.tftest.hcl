mock_provider "aws" {}

variables {
  bucket      = "metriccare-all-scripts-dev-123456789012"
  kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/k"
}

run "key_holds_the_hash_of_the_content" {
  command = apply

  variables {
    files = { versions = "./versions.tf" }
  }

  assert {
    condition     = output.keys["versions"] == "code/${substr(filesha256("./versions.tf"), 0, 16)}/versions.tf"
    error_message = "The key must hold the file's hash and name, not ${output.keys["versions"]}."
  }

  assert {
    condition     = output.urls["versions"] == "s3://${var.bucket}/${output.keys["versions"]}"
    error_message = "The address must name bucket and key."
  }
}

run "missing_file_is_refused" {
  command = plan

  variables {
    files = { wheel = "./not_there.whl" }
  }

  expect_failures = [var.files]
}
