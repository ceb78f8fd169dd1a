# Who may do what from GitHub: a pull request reads dev, the branch main reads prod and leaves the plan that is to be
# approved, the environments dev and prod each apply their own.

resource "aws_iam_role" "plan" {
  for_each = local.planners

  name               = "metriccare_all_plan_${each.key}"
  description        = "Plans ${each.key} for ${each.value}; cannot change the stack"
  assume_role_policy = local.trust[each.value]

  depends_on = [aws_iam_openid_connect_provider.github]
}

resource "aws_iam_role" "apply" {
  for_each = local.environments

  name               = "metriccare_all_apply_${each.key}"
  description        = "The GitHub environment ${each.key}: applies ${each.key}"
  assume_role_policy = local.trust["environment:${each.key}"]

  depends_on = [aws_iam_openid_connect_provider.github]
}

resource "aws_iam_policy" "read" {
  for_each = local.environments

  name        = "metriccare_all_read_${each.key}"
  description = "Reads the settings of MetricCare ${each.key}, and no data"
  policy      = jsonencode({ Version = "2012-10-17", Statement = local.read_statements[each.key] })
}

resource "aws_iam_policy" "change" {
  for_each = local.environments

  name        = "metriccare_all_change_${each.key}"
  description = "Creates, changes and deletes the resources of MetricCare ${each.key}"
  policy      = jsonencode({ Version = "2012-10-17", Statement = local.change_statements[each.key] })
}

resource "aws_iam_policy" "roles" {
  for_each = local.environments

  name        = "metriccare_all_roles_${each.key}"
  description = "Creates the roles of MetricCare ${each.key}, within their boundary"
  policy      = jsonencode({ Version = "2012-10-17", Statement = local.role_statements[each.key] })
}

resource "aws_iam_policy" "boundary" {
  for_each = local.environments

  name        = "metriccare_all_boundary_${each.key}"
  description = "Permissions boundary of the roles of MetricCare ${each.key}"
  policy      = jsonencode({ Version = "2012-10-17", Statement = local.boundary_statements[each.key] })
}

resource "aws_iam_role_policy_attachment" "plan" {
  for_each = local.planners

  role       = aws_iam_role.plan[each.key].name
  policy_arn = aws_iam_policy.read[each.key].arn
}

resource "aws_iam_role_policy_attachment" "apply" {
  for_each = {
    for pair in setproduct(local.environments, ["read", "change", "roles"]) : "${pair[0]}_${pair[1]}" => pair
  }

  role = aws_iam_role.apply[each.value[0]].name
  policy_arn = {
    read   = aws_iam_policy.read[each.value[0]].arn
    change = aws_iam_policy.change[each.value[0]].arn
    roles  = aws_iam_policy.roles[each.value[0]].arn
  }[each.value[1]]
}

resource "aws_iam_role_policy" "plan_state" {
  for_each = local.planners

  name   = "state"
  role   = aws_iam_role.plan[each.key].id
  policy = jsonencode({ Version = "2012-10-17", Statement = concat(local.state_statements[each.key].read, each.key == "prod" ? local.plan_statements.keep : []) })
}

resource "aws_iam_role_policy" "apply_state" {
  for_each = local.environments

  name   = "state"
  role   = aws_iam_role.apply[each.key].id
  policy = jsonencode({ Version = "2012-10-17", Statement = concat(local.state_statements[each.key].read, local.state_statements[each.key].write, each.key == "prod" ? local.plan_statements.fetch : []) })
}

locals {
  planners = { dev = "pull_request", prod = "ref:refs/heads/main" }
  subjects = concat(values(local.planners), [for env in local.environments : "environment:${env}"])

  trust = {
    for subject in local.subjects : subject => jsonencode({
      Version = "2012-10-17"
      Statement = [{
        Effect    = "Allow"
        Action    = "sts:AssumeRoleWithWebIdentity"
        Principal = { Federated = local.provider_arn }
        Condition = {
          StringEquals = {
            "${local.github}:aud" = "sts.amazonaws.com"
            "${local.github}:sub" = "repo:${var.repository}:${subject}"
          }
        }
      }]
    })
  }

  state_object = { for env in local.environments : env => "${module.state.arn}/env:/${env}/${local.state_key}" }

  # Between the plan of prod and its approval. A plan holds the whole state.
  plan_objects = ["${module.state.arn}/${local.plans}prod/*"]
  plan_statements = {
    keep = [
      { Sid = "KeepPlan", Effect = "Allow", Action = ["s3:AbortMultipartUpload", "s3:PutObject"], Resource = local.plan_objects },
      { Sid = "EncryptPlan", Effect = "Allow", Action = ["kms:GenerateDataKey"], Resource = [module.key.arn] },
    ]
    fetch = [
      { Sid = "FetchPlan", Effect = "Allow", Action = ["s3:GetObject"], Resource = local.plan_objects },
    ]
  }

  # The lock is an object next to the state.
  state_statements = {
    for env in local.environments : env => {
      read = [
        { Sid = "ListState", Effect = "Allow", Action = ["s3:ListBucket"], Resource = [module.state.arn] },
        # `terraform init` asks for the state of the workspace default, which does not exist.
        { Sid = "ReadState", Effect = "Allow", Action = ["s3:GetObject"], Resource = [local.state_object[env], "${module.state.arn}/${local.state_key}"] },
        { Sid = "DecryptState", Effect = "Allow", Action = ["kms:Decrypt"], Resource = [module.key.arn] },
      ]
      write = [
        {
          Sid      = "WriteStateAndLock"
          Effect   = "Allow"
          Action   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
          Resource = [local.state_object[env], "${local.state_object[env]}.tflock"]
        },
        { Sid = "EncryptState", Effect = "Allow", Action = ["kms:GenerateDataKey"], Resource = [module.key.arn] },
      ]
    }
  }
}
