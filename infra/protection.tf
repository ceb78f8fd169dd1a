# A protected environment can't be destroyed. S3 refuses to delete a bucket that holds objects only after Terraform has
# removed all the bucket's settings; this refuses the plan.

# Depends on everything else, so that `terraform destroy -target=...` would have to destroy it, too. docs/deploy.md says
# how protection is lifted.
resource "terraform_data" "protection" {
  count = local.deletion_protection ? 1 : 0

  lifecycle {
    prevent_destroy = true
  }

  depends_on = [
    module.key, module.raw_key, module.access_logs, module.raw, module.lake, module.scripts, module.query_results,
    module.uploads, module.ledger, module.intake,
    module.code, module.glue_security, module.job, module.workflow,
    module.database, module.workgroup, module.readers, aws_iam_policy.results, module.people, aws_iam_policy.people,
    module.sessions, aws_iam_policy.session_users,
    module.alerts, module.chat_alerts, module.events, module.monitoring,
  ]
}
