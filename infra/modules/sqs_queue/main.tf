# A queue for a bucket's notifications, with a dead-letter queue.

resource "aws_sqs_queue" "this" {
  name                       = var.name
  kms_master_key_id          = var.kms_key_arn
  visibility_timeout_seconds = var.visibility_timeout_seconds
  message_retention_seconds  = var.retention_days * 86400

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_letter.arn
    maxReceiveCount     = var.max_receive_count
  })
}

resource "aws_sqs_queue" "dead_letter" {
  name                      = var.dead_letter_name
  kms_master_key_id         = var.kms_key_arn
  message_retention_seconds = 14 * 86400
}

resource "aws_sqs_queue_redrive_allow_policy" "dead_letter" {
  queue_url = aws_sqs_queue.dead_letter.id

  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [aws_sqs_queue.this.arn]
  })
}

resource "aws_sqs_queue_policy" "this" {
  queue_url = aws_sqs_queue.this.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [local.bucket_sends, merge(local.only_by_tls, { Resource = aws_sqs_queue.this.arn })]
  })
}

resource "aws_sqs_queue_policy" "dead_letter" {
  queue_url = aws_sqs_queue.dead_letter.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [merge(local.only_by_tls, { Resource = aws_sqs_queue.dead_letter.arn })]
  })
}

locals {
  bucket_sends = {
    Sid       = "BucketSends"
    Effect    = "Allow"
    Principal = { Service = "s3.amazonaws.com" }
    Action    = "sqs:SendMessage"
    Resource  = aws_sqs_queue.this.arn
    Condition = {
      ArnEquals    = { "aws:SourceArn" = var.sender_bucket_arn }
      StringEquals = { "aws:SourceAccount" = var.account_id }
    }
  }

  only_by_tls = {
    Sid       = "OnlyByTls"
    Effect    = "Deny"
    Principal = { AWS = "*" }
    Action    = "sqs:*"
    Condition = { Bool = { "aws:SecureTransport" = "false" } }
  }
}
