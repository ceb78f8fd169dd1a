# MetricCare on AWS, from incoming files to published numbers.

# --- Keys and buckets ---------------------------------------------------------------------------

module "key" {
  source = "./modules/kms_key"

  name                 = local.names.key
  description          = "MetricCare ${local.env}: tables, results, messages, logs"
  account_id           = local.account_id
  partition            = local.partition
  region               = local.region
  deletion_window_days = local.settings.key_deletion_days
  deployer_arns        = local.deployer_arns
  senders              = ["s3.amazonaws.com", "cloudwatch.amazonaws.com", "events.amazonaws.com"]
  encrypts_logs        = true
}

# What hospitals send is under a key of its own: nobody can read it who was given the other key for the results.
module "raw_key" {
  source = "./modules/kms_key"

  name                 = local.names.raw_key
  description          = "MetricCare ${local.env}: files as they were received"
  account_id           = local.account_id
  partition            = local.partition
  region               = local.region
  deletion_window_days = local.settings.key_deletion_days
  deployer_arns        = local.deployer_arns
}

module "access_logs" {
  source = "./modules/s3_bucket"

  name              = local.buckets.access_logs
  account_id        = local.account_id
  takes_access_logs = true
  expiration_days   = { "" = var.access_log_days }
  force_destroy     = local.force_destroy
}

module "raw" {
  source = "./modules/s3_bucket"

  name              = local.buckets.raw
  account_id        = local.account_id
  kms_key_arn       = module.raw_key.arn
  access_log_bucket = module.access_logs.name
  noncurrent_days   = local.settings.noncurrent_days
  force_destroy     = local.force_destroy
  notification      = { queue_arn = module.uploads.arn, prefix = local.raw_prefix }
}

module "lake" {
  source = "./modules/s3_bucket"

  name              = local.buckets.lake
  account_id        = local.account_id
  kms_key_arn       = module.key.arn
  access_log_bucket = module.access_logs.name
  noncurrent_days   = local.settings.noncurrent_days
  expiration_days   = { "runs/" = var.run_days }
  force_destroy     = local.force_destroy
}

module "scripts" {
  source = "./modules/s3_bucket"

  name              = local.buckets.scripts
  account_id        = local.account_id
  kms_key_arn       = module.key.arn
  access_log_bucket = module.access_logs.name
  noncurrent_days   = local.settings.noncurrent_days
  force_destroy     = local.force_destroy
}

module "query_results" {
  source = "./modules/s3_bucket"

  name              = local.buckets.query_results
  account_id        = local.account_id
  kms_key_arn       = module.key.arn
  access_log_bucket = module.access_logs.name
  noncurrent_days   = 1
  expiration_days   = { "" = var.query_result_days }
  force_destroy     = local.force_destroy
}

# --- Intake: upload, queue, function, ledger ----------------------------------------------------

module "uploads" {
  source = "./modules/sqs_queue"

  name              = local.names.uploads
  dead_letter_name  = local.names.dead_letters
  account_id        = local.account_id
  sender_bucket_arn = "arn:${local.partition}:s3:::${local.buckets.raw}"
  kms_key_arn       = module.key.arn

  # As Lambda requires: six times its timeout plus the batching window.
  visibility_timeout_seconds = 6 * var.intake_timeout_seconds + var.batching_window_seconds
}

module "ledger" {
  source = "./modules/dynemoDB"

  name                = local.names.ledger
  kms_key_arn         = module.key.arn
  deletion_protection = local.deletion_protection
}

module "intake" {
  source = "./modules/lambda_function"

  name                    = local.names.intake
  description             = "Registers uploads in the ledger and starts the workflow"
  code_bucket             = module.scripts.name
  code_key                = module.code.keys["lambda_function.zip"]
  queue_arn               = module.uploads.arn
  timeout_seconds         = var.intake_timeout_seconds
  batching_window_seconds = var.batching_window_seconds
  kms_key_arn             = module.key.arn
  log_retention_days      = local.settings.log_retention_days
  statements              = local.access.intake
  permissions_boundary    = var.permissions_boundary

  environment = {
    ENVIRONMENT   = local.env
    LEDGER_TABLE  = module.ledger.name
    LAKE          = local.lake_name
    RAW           = "s3://${module.raw.name}/${local.raw_prefix}"
    WORKFLOW_NAME = local.names.workflow
  }
}

# --- Jobs: code, one job per layer, the workflow ------------------------------------------------

module "code" {
  source = "./modules/upload_scripts"

  bucket      = module.scripts.name
  kms_key_arn = module.key.arn
  files       = local.files
}

module "glue_security" {
  source = "./modules/glue_security"

  name        = local.names.security
  kms_key_arn = module.key.arn
}

module "job" {
  source   = "./modules/glue_job"
  for_each = local.layers

  name                   = local.names.jobs[each.key]
  description            = each.value.description
  account_id             = local.account_id
  script_location        = module.code.urls["run_notebook.py"]
  code_bucket_arn        = module.scripts.arn
  arguments              = local.job_arguments[each.key]
  spark_conf             = local.spark_conf
  glue_version           = var.glue_version
  worker_type            = var.worker_type
  max_workers            = local.max_workers
  timeout_minutes        = var.job_timeout_minutes
  retries                = var.job_retries
  security_configuration = module.glue_security.name
  kms_key_arn            = module.key.arn
  log_retention_days     = local.settings.log_retention_days
  metric_namespace       = local.metric_namespace
  statements             = local.access[each.key]
  permissions_boundary   = var.permissions_boundary
}

module "sessions" {
  source = "./modules/glue_sessions"

  name                   = local.names.sessions
  account_id             = local.account_id
  code_bucket_arn        = module.scripts.arn
  security_configuration = module.glue_security.name
  kms_key_arn            = module.key.arn
  log_retention_days     = local.settings.log_retention_days
  statements             = local.access.sessions
  permissions_boundary   = var.permissions_boundary
}

module "workflow" {
  source = "./modules/glue_workflow"

  name        = local.names.workflow
  description = "Bronze, silver, gold of MetricCare ${local.env}"
  stages = [
    for layer in local.order : { job_name = module.job[layer].name, trigger_name = local.names.triggers[layer] }
  ]
}

# --- Tables and queries -------------------------------------------------------------------------

module "database" {
  source   = "./modules/glue_catalog_database"
  for_each = local.layers

  name        = local.names.databases[each.key]
  description = each.value.description
  location    = "s3://${module.lake.name}/${each.key}/"
}

module "workgroup" {
  source   = "./modules/athena_workgroup"
  for_each = local.workgroups

  name                = local.names.workgroups[each.key]
  description         = each.value
  results_location    = "s3://${module.query_results.name}/${each.key}/"
  kms_key_arn         = module.key.arn
  bytes_scanned_limit = var.query_bytes_limit
  force_destroy       = local.force_destroy
}

module "readers" {
  source = "./modules/iam_role"

  name                 = local.names.readers
  description          = "Reads gold.measure_published with Athena, and nothing else"
  account_arn          = "arn:${local.partition}:iam::${local.account_id}:root"
  has_statements       = false
  policy_arns          = { results = aws_iam_policy.results.arn }
  permissions_boundary = var.permissions_boundary
}

# --- Events, alerts, monitoring -----------------------------------------------------------------

module "alerts" {
  source = "./modules/aws_sns"

  name                 = local.names.alerts
  account_id           = local.account_id
  partition            = local.partition
  kms_key_arn          = module.key.arn
  emails               = var.alert_emails
  permissions_boundary = var.permissions_boundary
}

# A chat channel takes only its own schema and drops plain text; e-mail should be readable. So each has a topic.
module "chat_alerts" {
  source = "./modules/aws_sns"
  count  = var.slack == null ? 0 : 1

  name                 = local.names.chat_alerts
  account_id           = local.account_id
  partition            = local.partition
  kms_key_arn          = module.key.arn
  permissions_boundary = var.permissions_boundary

  slack = {
    name       = local.names.slack
    team_id    = var.slack.team_id
    channel_id = var.slack.channel_id
  }
}

module "events" {
  source = "./modules/event_bridge"

  environment            = local.env
  region                 = local.region
  finished_rule_name     = local.names.finished
  failed_rule_name       = local.names.failed
  function_name          = module.intake.name
  function_arn           = module.intake.arn
  topic_arn              = module.alerts.arn
  chat_topic             = var.slack == null ? null : { arn = module.chat_alerts[0].arn }
  job_retries            = var.job_retries
  jobs                   = [for layer in local.order : module.job[layer].name]
  last_job               = module.job["gold"].name
  security_configuration = module.glue_security.name

  schedules = {
    daily  = { name = local.names.daily, expression = var.daily_schedule }
    hourly = { name = local.names.hourly, expression = var.hourly_schedule }
  }
}

module "monitoring" {
  source = "./modules/monitoring"

  environment           = local.env
  region                = local.region
  dashboard_name        = local.names.dashboard
  alarm_names           = local.names.alarms
  topic_arns            = local.topic_arns
  metric_namespace      = local.metric_namespace
  finished_rule         = module.events.finished_rule
  failed_rule           = module.events.failed_rule
  stages                = local.order
  max_workers           = local.max_workers
  dpu_per_worker        = local.dpu_per_worker[var.worker_type]
  queue                 = module.uploads.name
  dead_letter_queue     = module.uploads.dead_letter_name
  function_name         = module.intake.name
  hours_without_success = var.hours_without_success
  quarantine_percent    = var.quarantine_percent
  backlog_hours         = var.backlog_hours
  freshness_hours       = var.freshness_hours
}
