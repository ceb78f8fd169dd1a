# The states of the stack's workspaces, still empty. Terraform would write them when a workspace is first selected, and the
# roles that plan may only read.

resource "aws_s3_object" "workspace" {
  for_each = local.environments

  bucket       = module.state.name
  key          = "env:/${each.key}/${local.state_key}"
  content_type = "application/json"
  kms_key_id   = module.key.arn

  content = jsonencode({
    version           = 4
    terraform_version = "1.11.0"
    serial            = 0
    lineage           = uuidv5("url", "s3://${module.state.name}/env:/${each.key}/${local.state_key}")
    outputs           = {}
    resources         = []
  })

  # Terraform's backend writes the object without tags.
  override_provider {
    default_tags {
      tags = {}
    }
  }

  lifecycle {
    ignore_changes  = all  # from the first apply on, the content is the stack's
    prevent_destroy = true # that would delete the stack's state with all its old versions
  }

  # The bucket must keep versions by then.
  depends_on = [module.state]
}
