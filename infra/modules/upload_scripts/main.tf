# Code for jobs and functions. A file's key holds its own hash: changed content is another object, so that a run that
# began with the old one finishes with it.

resource "aws_s3_object" "this" {
  for_each = var.files

  bucket     = var.bucket
  key        = local.keys[each.key]
  source     = each.value
  kms_key_id = var.kms_key_arn

  lifecycle {
    # First the new object and what names it, then the end of the old one.
    create_before_destroy = true
  }
}

locals {
  keys = {
    for name, path in var.files :
    name => "${var.prefix}/${substr(filesha256(path), 0, 16)}/${basename(path)}"
  }
}
