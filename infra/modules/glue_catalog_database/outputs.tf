output "name" {
  description = "Name of the database."
  value       = aws_glue_catalog_database.this.name
}

output "arn" {
  description = "ARN of the database."
  value       = aws_glue_catalog_database.this.arn
}
