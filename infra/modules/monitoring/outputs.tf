output "dashboard_url" {
  description = "URL of the dashboard."
  value       = "https://${var.region}.console.aws.amazon.com/cloudwatch/home?region=${var.region}#dashboards/dashboard/${aws_cloudwatch_dashboard.this.dashboard_name}"
}

output "alarm_names" {
  description = "Names of the alarms."
  value = [
    aws_cloudwatch_metric_alarm.job_failed.alarm_name,
    aws_cloudwatch_metric_alarm.no_success.alarm_name,
    aws_cloudwatch_metric_alarm.dead_letters.alarm_name,
    aws_cloudwatch_metric_alarm.function_errors.alarm_name,
    aws_cloudwatch_metric_alarm.quarantine.alarm_name,
    aws_cloudwatch_metric_alarm.backlog.alarm_name,
    aws_cloudwatch_metric_alarm.freshness.alarm_name,
  ]
}
