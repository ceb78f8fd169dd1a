output "environment" {
  description = "Environment that was applied."
  value       = local.env
}

output "raw_url" {
  description = "Where FHIR files are uploaded."
  value       = "s3://${module.raw.name}/${local.raw_prefix}"
}

output "lake_url" {
  description = "The lake: metriccare --lake."
  value       = "s3://${module.lake.name}"
}

output "ledger_url" {
  description = "The lake's ledger: metriccare --ledger."
  value       = local.ledger_url
}

output "buckets" {
  description = "Names of the buckets."
  value = {
    raw           = module.raw.name
    lake          = module.lake.name
    scripts       = module.scripts.name
    query_results = module.query_results.name
    access_logs   = module.access_logs.name
  }
}

output "ledger_table" {
  description = "Name of the ledger's table."
  value       = module.ledger.name
}

output "lake_name" {
  description = "Name of the lake in the ledger."
  value       = local.lake_name
}

output "queue_url" {
  description = "Upload queue."
  value       = module.uploads.url
}

output "dead_letter_queue_url" {
  description = "Dead-letter queue for notifications that could not be processed."
  value       = module.uploads.dead_letter_url
}

output "function_name" {
  description = "Function that registers uploads and starts the workflow."
  value       = module.intake.name
}

output "workflow_name" {
  description = "Workflow of the three jobs."
  value       = module.workflow.name
}

output "job_names" {
  description = "Jobs by layer."
  value       = { for layer, job in module.job : layer => job.name }
}

output "log_groups" {
  description = "Log groups: of the function, and of each job's output and error."
  value = merge(
    { intake = module.intake.log_group },
    merge([for layer, job in module.job : { for kind, group in job.log_groups : "${layer}_${kind}" => group }]...),
  )
}

output "databases" {
  description = "Databases of the Glue Catalog by layer."
  value       = { for layer, database in module.database : layer => database.name }
}

output "workgroups" {
  description = "Athena workgroups of readers and engineers."
  value       = { for group, workgroup in module.workgroup : group => workgroup.name }
}

output "readers_role_arn" {
  description = "Role that reads published results."
  value       = module.readers.arn
}

output "readers_policy_arn" {
  description = "Policy of that role, for other principals that read published results."
  value       = aws_iam_policy.results.arn
}

output "people_role_arns" {
  description = "Roles of uploaders and engineers."
  value       = { for group, role in module.people : group => role.arn }
}

output "people_policy_arns" {
  description = "Policies of these roles, for other principals: a feed's own role, a permission set."
  value       = { for group, policy in aws_iam_policy.people : group => policy.arn }
}

output "sessions_role_arn" {
  description = "Role of Glue interactive sessions."
  value       = module.sessions.arn
}

output "sessions_policy_arn" {
  description = "Policy for people who start such sessions."
  value       = aws_iam_policy.session_users.arn
}

output "topic_arn" {
  description = "Topic for success and failure messages in plain text."
  value       = module.alerts.arn
}

output "chat_topic_arn" {
  description = "Topic for the same messages as a chat channel takes them; null without one."
  value       = one(module.chat_alerts[*].arn)
}

output "dashboard_url" {
  description = "URL of the dashboard."
  value       = module.monitoring.dashboard_url
}

output "kms_key_arn" {
  description = "Key that encrypts everything but the raw files."
  value       = module.key.arn
}

output "raw_kms_key_arn" {
  description = "Key that encrypts the raw files; uploaders need kms:GenerateDataKey on it, and kms:Decrypt for large files."
  value       = module.raw_key.arn
}
