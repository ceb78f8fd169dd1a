output "arn" {
  description = "ARN of the role, which the kernel passes to its sessions."
  value       = module.role.arn
}

output "name" {
  description = "Name of the role."
  value       = module.role.name
}

output "log_groups" {
  description = "Log groups of the sessions: output (what cells print) and error (Spark)."
  value       = { for kind, group in aws_cloudwatch_log_group.this : kind => group.name }
}
