output "name" {
  description = "Name of the workflow."
  value       = aws_glue_workflow.this.name
}

output "arn" {
  description = "ARN of the workflow."
  value       = aws_glue_workflow.this.arn
}
