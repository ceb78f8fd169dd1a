output "keys" {
  description = "Keys of the objects, by name."
  value       = { for name, object in aws_s3_object.this : name => object.key }
}

output "urls" {
  description = "s3:// URLs of the objects, by name."
  value       = { for name, object in aws_s3_object.this : name => "s3://${var.bucket}/${object.key}" }
}
