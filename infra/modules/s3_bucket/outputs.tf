output "name" {
  description = "Name of the bucket, available once its policy is in place."
  value       = aws_s3_bucket.this.bucket

  # S3 only delivers access logs where the policy allows it.
  depends_on = [aws_s3_bucket_policy.this]
}

output "arn" {
  description = "ARN of the bucket."
  value       = aws_s3_bucket.this.arn
}
