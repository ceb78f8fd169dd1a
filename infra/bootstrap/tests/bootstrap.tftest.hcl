# Nothing is applied, since Terraform could not destroy the workspaces' states again.
mock_provider "aws" {
  override_during = plan

  override_data {
    target = data.aws_caller_identity.this
    values = { account_id = "123456789012" }
  }
  override_data {
    target = data.aws_partition.this
    values = { partition = "aws" }
  }
  override_data {
    target = data.aws_region.this
    values = { name = "us-east-1" }
  }
  mock_resource "aws_iam_policy" {
    defaults = { arn = "arn:aws:iam::123456789012:policy/p" }
  }
  mock_resource "aws_kms_key" {
    defaults = { arn = "arn:aws:kms:us-east-1:123456789012:key/k" }
  }
  mock_resource "aws_s3_bucket" {
    defaults = { arn = "arn:aws:s3:::metriccare-all-state-123456789012" }
  }
}

variables {
  repository = "metriccare/metriccare"
}

run "each_role_is_for_one_subject" {
  command = plan

  assert {
    condition     = jsondecode(aws_iam_role.plan["dev"].assume_role_policy).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:sub"] == "repo:metriccare/metriccare:pull_request"
    error_message = "Pull requests of the repository, and nobody else, may take the plan role of dev."
  }

  assert {
    condition     = jsondecode(aws_iam_role.plan["prod"].assume_role_policy).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:sub"] == "repo:metriccare/metriccare:ref:refs/heads/main"
    error_message = "Only the branch main may plan prod."
  }

  assert {
    condition     = jsondecode(aws_iam_role.apply["prod"].assume_role_policy).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:sub"] == "repo:metriccare/metriccare:environment:prod"
    error_message = "Only the environment prod may apply prod."
  }
}

run "policies_name_their_actions_and_fit" {
  command = plan

  assert {
    condition = alltrue(flatten([
      for statement in flatten(concat(values(local.read_statements), values(local.change_statements), values(local.role_statements), values(local.boundary_statements))) :
      [for action in statement.Action : !strcontains(action, "*")]
    ]))
    error_message = "No policy has a wildcard action."
  }

  assert {
    condition = alltrue([
      for policy in concat(values(aws_iam_policy.read), values(aws_iam_policy.change), values(aws_iam_policy.roles), values(aws_iam_policy.boundary)) :
      length(policy.policy) <= 6144
    ])
    error_message = "A policy of IAM has at most 6144 characters."
  }

  assert {
    condition = alltrue([
      for policy in concat(values(aws_iam_role_policy.plan_state), values(aws_iam_role_policy.apply_state)) : length(policy.policy) <= 10240
    ])
    error_message = "The inline policies of a role have at most 10240 characters."
  }
}

run "states_are_there_before_the_first_plan" {
  command = plan

  assert {
    condition     = { for env, object in aws_s3_object.workspace : env => object.key } == { for env in ["dev", "prod"] : env => "env:/${env}/metriccare/terraform.tfstate" }
    error_message = "There is a state for each workspace, under the backend's key."
  }

  assert {
    condition = alltrue([
      for object in values(aws_s3_object.workspace) :
      jsondecode(object.content).resources == [] && can(regex("^[0-9a-f-]{36}$", jsondecode(object.content).lineage))
    ])
    error_message = "It is empty and has a lineage."
  }
}

run "only_the_plan_of_prod_is_kept" {
  command = plan

  assert {
    condition = alltrue([
      for action in flatten([for statement in jsondecode(aws_iam_role_policy.plan_state["dev"].policy).Statement : statement.Action]) :
      !can(regex("Put|Delete", action))
    ])
    error_message = "The role of a pull request writes nothing."
  }

  assert {
    condition = toset(flatten([
      for statement in jsondecode(aws_iam_role_policy.plan_state["prod"].policy).Statement :
      statement.Resource if contains(statement.Action, "s3:PutObject")
    ])) == toset(["arn:aws:s3:::metriccare-all-state-123456789012/plans/prod/*"])
    error_message = "The role that plans prod writes its plan, and no state."
  }
}

run "plan_role_reads_no_data" {
  command = plan

  assert {
    condition = toset(flatten([
      for statement in local.read_statements["dev"] : statement.Resource if contains(statement.Action, "s3:GetObject")
    ])) == toset(["arn:aws:s3:::metriccare-all-scripts-dev-123456789012/*"])
    error_message = "Of all objects, a plan reads only the code."
  }

  assert {
    condition     = !anytrue([for statement in local.read_statements["dev"] : contains(statement.Action, "dynamodb:GetItem")])
    error_message = "A plan reads no ledger."
  }

  assert {
    condition = alltrue([
      for statement in local.read_statements["dev"] :
      anytrue([for key in keys(statement.Condition.StringLike) : startswith(key, "kms:EncryptionContext:aws:")])
      if contains(statement.Action, "kms:Decrypt")
    ])
    error_message = "A plan decrypts the code and the function's variables only."
  }
}

run "apply_role_grants_only_within_the_boundary" {
  command = plan

  assert {
    condition = alltrue([
      for statement in local.role_statements["dev"] :
      try(statement.Condition.StringEquals["iam:PermissionsBoundary"], "") == "arn:aws:iam::123456789012:policy/metriccare_all_boundary_dev"
      if length(setintersection(statement.Action, ["iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy"])) > 0
    ])
    error_message = "A role may be created or widened only under its boundary."
  }

  assert {
    condition     = !contains(local.policy_arns["dev"], local.boundary_arn["dev"]) && !anytrue([for arn in local.role_arns["dev"] : strcontains(arn, "_all_*")])
    error_message = "The apply role must change neither the boundary nor itself."
  }
}

run "wildcard_repository_is_refused" {
  command = plan

  variables {
    repository = "metriccare/*"
  }

  expect_failures = [var.repository]
}
