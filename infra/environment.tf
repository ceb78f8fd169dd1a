# What differs between dev and prod. The workspace is the environment; there are no tfvars files.

# The name of everything depends on this, so these conditions also hold with -target. A check block would only warn.
data "aws_caller_identity" "this" {
  lifecycle {
    precondition {
      condition     = contains(keys(local.environments), terraform.workspace)
      error_message = "The workspace ${terraform.workspace} is not an environment: run terraform workspace select dev (or prod)."
    }

    precondition {
      condition     = terraform.workspace != "prod" || length(var.alert_emails) > 0 || var.slack != null
      error_message = "Nobody would hear of a failure in prod: set alert_emails or slack, e.g. TF_VAR_alert_emails='[\"quality@hospital.example\"]'. On GitHub this is the variable TF_VAR_ALERT_EMAILS_PROD (see docs/deploy.md)."
    }
  }
}

data "aws_partition" "this" {}

data "aws_region" "this" {}

locals {
  env        = local.account_id == null ? null : terraform.workspace # never null: see the conditions above
  account_id = data.aws_caller_identity.this.account_id
  partition  = data.aws_partition.this.partition
  region     = data.aws_region.this.name

  environments = {
    dev = {
      deletion_protection = false
      key_deletion_days   = 7
      noncurrent_days     = 7
      log_retention_days  = 30
      max_workers         = 2
    }
    prod = {
      deletion_protection = true
      key_deletion_days   = 30
      noncurrent_days     = 30
      log_retention_days  = 365
      max_workers         = 10
    }
  }

  # In other workspaces nothing is created, but everything can be validated.
  settings    = lookup(local.environments, terraform.workspace, local.environments.dev)
  max_workers = coalesce(var.max_workers, local.settings.max_workers)

  # What is not protected can be destroyed with its data.
  deletion_protection = coalesce(var.deletion_protection, local.settings.deletion_protection)
  force_destroy       = !local.deletion_protection
}
