output "name" {
  description = "Name of the job."
  value       = aws_glue_job.this.name
}

output "role_arn" {
  description = "ARN of the job's role."
  value       = module.role.arn
}

output "log_groups" {
  description = "Log groups of the job: output (what the script prints) and error (Spark)."
  value       = { for kind, group in aws_cloudwatch_log_group.this : kind => group.name }
}
