# All names: metriccare_<layer>_<component>_<environment>. "all" is the layer of components shared by all layers.
# Buckets use hyphens and the account id, databases only the layer.

locals {
  layer_order = ["bronze", "silver", "gold"]

  name = { for layer in concat(["all", "raw"], local.layer_order) : layer => "metriccare_${layer}" }

  names = {
    key          = "${local.name.all}_key_${local.env}"
    raw_key      = "${local.name.raw}_key_${local.env}"
    ledger       = "${local.name.all}_ledger_${local.env}"
    security     = "${local.name.all}_security_${local.env}"
    workflow     = "${local.name.all}_workflow_${local.env}"
    alerts       = "${local.name.all}_alerts_${local.env}"
    chat_alerts  = "${local.name.all}_chat_alerts_${local.env}"
    slack        = "${local.name.all}_slack_${local.env}"
    dashboard    = "${local.name.all}_dashboard_${local.env}"
    daily        = "${local.name.all}_daily_${local.env}"
    hourly       = "${local.name.all}_hourly_${local.env}"
    failed       = "${local.name.all}_failed_${local.env}"
    finished     = "${local.name.gold}_finished_${local.env}"
    readers      = "${local.name.gold}_readers_${local.env}"
    uploaders    = "${local.name.raw}_uploaders_${local.env}"
    sessions     = "${local.name.gold}_sessions_${local.env}"
    uploads      = "${local.name.raw}_uploads_${local.env}"
    dead_letters = "${local.name.raw}_dead_letters_${local.env}"
    intake       = "${local.name.raw}_intake_${local.env}"

    jobs       = { for layer in local.layer_order : layer => "${local.name[layer]}_job_${local.env}" }
    triggers   = { for layer in local.layer_order : layer => "${local.name[layer]}_start_${local.env}" }
    databases  = { for layer in local.layer_order : layer => "${local.name[layer]}_${local.env}" }
    workgroups = { for group in keys(local.workgroups) : group => "${local.name.gold}_${group}_${local.env}" }

    alarms = {
      job_failed      = "${local.name.all}_job_failed_${local.env}"
      no_success      = "${local.name.all}_no_success_${local.env}"
      dead_letters    = "${local.name.raw}_dead_letters_${local.env}"
      function_errors = "${local.name.raw}_intake_errors_${local.env}"
      backlog         = "${local.name.raw}_backlog_${local.env}"
      freshness       = "${local.name.raw}_freshness_${local.env}"
      quarantine      = "${local.name.bronze}_quarantine_${local.env}"
    }
  }

  buckets = {
    raw           = "metriccare-raw-fhir-${local.env}-${local.account_id}"
    lake          = "metriccare-all-lake-${local.env}-${local.account_id}"
    scripts       = "metriccare-all-scripts-${local.env}-${local.account_id}"
    query_results = "metriccare-gold-query-results-${local.env}-${local.account_id}"
    access_logs   = "metriccare-all-access-logs-${local.env}-${local.account_id}"
  }
}
