# What differs between dev and prod. The workspace is the environment; there are no tfvars files.

data "aws_caller_identity" "this" {}

data "aws_partition" "this" {}

data "aws_region" "this" {}

# A check block would only warn.
resource "terraform_data" "workspace" {
  lifecycle {
    precondition {
      condition     = contains(keys(local.environments), terraform.workspace)
      error_message = "The workspace ${terraform.workspace} is not an environment: run terraform workspace select dev (or prod)."
    }
  }
}

locals {
  env        = terraform.workspace
  account_id = data.aws_caller_identity.this.account_id
  partition  = data.aws_partition.this.partition
  region     = data.aws_region.this.name

  environments = {
    dev = {
      force_destroy       = true
      deletion_protection = false
      key_deletion_days   = 7
      noncurrent_days     = 7
      log_retention_days  = 30
      max_workers         = 2
    }
    prod = {
      force_destroy       = false
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
}
