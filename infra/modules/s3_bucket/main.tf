# A private bucket: versioned, encrypted, TLS only, with a lifecycle for old versions.

resource "aws_s3_bucket" "this" {
  bucket        = var.name
  force_destroy = var.force_destroy
}

resource "aws_s3_bucket_public_access_block" "this" {
  bucket = aws_s3_bucket.this.id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "this" {
  bucket = aws_s3_bucket.this.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_versioning" "this" {
  bucket = aws_s3_bucket.this.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  bucket = aws_s3_bucket.this.id

  rule {
    # Access logs are only delivered to buckets encrypted with S3's own keys.
    apply_server_side_encryption_by_default {
      sse_algorithm     = var.takes_access_logs ? "AES256" : "aws:kms"
      kms_master_key_id = var.takes_access_logs ? null : var.kms_key_arn
    }
    bucket_key_enabled = !var.takes_access_logs
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  bucket = aws_s3_bucket.this.id

  rule {
    id     = "old-versions"
    status = "Enabled"

    filter {}

    noncurrent_version_expiration {
      noncurrent_days = min(var.noncurrent_days, lookup(var.expiration_days, "", var.noncurrent_days))
    }

    # S3 may refuse two rules on the whole bucket with an expiration each; days remove lone delete markers as well.
    dynamic "expiration" {
      for_each = contains(keys(var.expiration_days), "") ? [] : [true]

      content {
        expired_object_delete_marker = true
      }
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  dynamic "rule" {
    for_each = var.expiration_days

    content {
      id     = rule.key == "" ? "expire-all" : "expire-${trim(replace(rule.key, "/", "-"), "-")}"
      status = "Enabled"

      filter {
        prefix = rule.key
      }

      expiration {
        days = rule.value
      }

      # Otherwise what has expired would stay as an old version for as long as any other. For the whole bucket the rule
      # above says so: S3 may refuse two of the same kind.
      dynamic "noncurrent_version_expiration" {
        for_each = rule.key == "" ? [] : [min(rule.value, var.noncurrent_days)]

        content {
          noncurrent_days = noncurrent_version_expiration.value
        }
      }
    }
  }

  depends_on = [aws_s3_bucket_versioning.this]
}

resource "aws_s3_bucket_logging" "this" {
  count = var.takes_access_logs ? 0 : 1

  bucket        = aws_s3_bucket.this.id
  target_bucket = var.access_log_bucket
  target_prefix = "${var.name}/"
}

resource "aws_s3_bucket_policy" "this" {
  bucket = aws_s3_bucket.this.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = concat([local.only_by_tls], var.takes_access_logs ? [local.log_delivery] : [])
  })

  depends_on = [aws_s3_bucket_public_access_block.this]
}

resource "aws_s3_bucket_notification" "this" {
  count = var.notification == null ? 0 : 1

  bucket = aws_s3_bucket.this.id

  queue {
    queue_arn     = var.notification.queue_arn
    events        = ["s3:ObjectCreated:*"]
    filter_prefix = var.notification.prefix
  }
}

locals {
  only_by_tls = {
    Sid       = "OnlyByTls"
    Effect    = "Deny"
    Principal = { AWS = "*" }
    Action    = "s3:*"
    Resource  = [aws_s3_bucket.this.arn, "${aws_s3_bucket.this.arn}/*"]
    Condition = { Bool = { "aws:SecureTransport" = "false" } }
  }

  log_delivery = {
    Sid       = "AccessLogDelivery"
    Effect    = "Allow"
    Principal = { Service = "logging.s3.amazonaws.com" }
    Action    = "s3:PutObject"
    Resource  = "${aws_s3_bucket.this.arn}/*"
    Condition = { StringEquals = { "aws:SourceAccount" = var.account_id } }
  }
}
