# Code for jobs and functions. A file's key contains its hash, so changed content is a new object, and a run that started
# with the old one finishes with it.

resource "aws_s3_object" "this" {
  for_each = var.files

  bucket     = var.bucket
  key        = local.keys[each.key]
  source     = each.value
  kms_key_id = var.kms_key_arn

  lifecycle {
    # Create the new object and update its references before deleting the old one.
    create_before_destroy = true
  }
}

locals {
  keys = {
    for name, path in var.files :
    name => "${var.prefix}/${substr(filesha256(path), 0, 16)}/${basename(path)}"
  }
}
