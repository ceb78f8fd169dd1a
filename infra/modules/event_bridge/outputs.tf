output "finished_rule" {
  description = "Name of the rule that matches each successful run."
  value       = aws_cloudwatch_event_rule.finished.name
}

output "failed_rule" {
  description = "Name of the rule that matches each failed job."
  value       = aws_cloudwatch_event_rule.failed.name
}

output "schedule_rules" {
  description = "Names of the scheduled rules."
  value       = { for name, rule in aws_cloudwatch_event_rule.schedule : name => rule.name }
}
