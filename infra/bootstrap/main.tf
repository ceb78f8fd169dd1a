# Once per account, by an administrator: everything needed before Terraform can run from GitHub.

data "aws_caller_identity" "this" {}

data "aws_partition" "this" {}

data "aws_region" "this" {}

locals {
  account_id   = data.aws_caller_identity.this.account_id
  partition    = data.aws_partition.this.partition
  region       = data.aws_region.this.name
  environments = toset(["dev", "prod"])
  state_key    = "metriccare/terraform.tfstate"
  plans        = "plans/"
}

# --- State --------------------------------------------------------------------------------------

module "key" {
  source = "../modules/kms_key"

  name        = "metriccare_all_state"
  description = "MetricCare: Terraform's state"
  account_id  = local.account_id
  partition   = local.partition
  region      = local.region
}

module "access_logs" {
  source = "../modules/s3_bucket"

  name              = "metriccare-all-state-logs-${local.account_id}"
  account_id        = local.account_id
  takes_access_logs = true
  expiration_days   = { "" = 365 }
  force_destroy     = var.force_destroy
}

module "state" {
  source = "../modules/s3_bucket"

  name              = "metriccare-all-state-${local.account_id}"
  account_id        = local.account_id
  kms_key_arn       = module.key.arn
  access_log_bucket = module.access_logs.name
  noncurrent_days   = 365
  expiration_days   = { (local.plans) = 3 }
  force_destroy     = var.force_destroy
}

# --- Catalog ------------------------------------------------------------------------------------

# Spark and Athena look up this database whatever they are asked for, and the jobs may not create it. There is one per
# account and region, so it is no environment's.
resource "aws_glue_catalog_database" "default" {
  count = var.create_default_database ? 1 : 0

  name        = "default"
  description = "Looked up by Spark and Athena; MetricCare has no tables in it"
}

# --- GitHub -------------------------------------------------------------------------------------

resource "aws_iam_openid_connect_provider" "github" {
  count = var.create_oidc_provider ? 1 : 0

  url            = "https://${local.github}"
  client_id_list = ["sts.amazonaws.com"]
}

locals {
  github       = "token.actions.githubusercontent.com"
  provider_arn = "arn:${local.partition}:iam::${local.account_id}:oidc-provider/${local.github}"
}
