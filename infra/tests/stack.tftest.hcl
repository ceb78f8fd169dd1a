# The whole stack, planned and "applied" without an account. Run with TF_WORKSPACE=dev.

mock_provider "aws" {
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
    values = { name = "eu-central-1" }
  }

  mock_resource "aws_kms_key" {
    defaults = { arn = "arn:aws:kms:eu-central-1:123456789012:key/k" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/r" }
  }
  mock_resource "aws_iam_policy" {
    defaults = { arn = "arn:aws:iam::123456789012:policy/p" }
  }
  mock_resource "aws_sqs_queue" {
    defaults = { arn = "arn:aws:sqs:eu-central-1:123456789012:q" }
  }
  mock_resource "aws_sns_topic" {
    defaults = { arn = "arn:aws:sns:eu-central-1:123456789012:t" }
  }
  mock_resource "aws_s3_bucket" {
    defaults = { arn = "arn:aws:s3:::b" }
  }
  mock_resource "aws_lambda_function" {
    defaults = { arn = "arn:aws:lambda:eu-central-1:123456789012:function:f" }
  }
  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:eu-central-1:123456789012:log-group:g" }
  }
  mock_resource "aws_cloudwatch_event_rule" {
    defaults = { arn = "arn:aws:events:eu-central-1:123456789012:rule/r" }
  }
  mock_resource "aws_dynamodb_table" {
    defaults = { arn = "arn:aws:dynamodb:eu-central-1:123456789012:table/t" }
  }
  mock_resource "aws_athena_workgroup" {
    defaults = { arn = "arn:aws:athena:eu-central-1:123456789012:workgroup/w" }
  }
}

variables {
  python_modules = "./tests/fixtures/metriccare-0.0.0.gluewheels.zip"
  lambda_archive = "./tests/fixtures/lambda_function.zip"
}

run "stack" {
  command = apply

  assert {
    condition     = output.raw_url == "s3://metriccare-raw-fhir-dev-123456789012/fhir_data/json/"
    error_message = "Uploads go to fhir_data/json/ of the raw bucket."
  }

  assert {
    condition     = output.ledger_url == "dynamodb://metriccare_all_ledger_dev?lake=metriccare_dev"
    error_message = "The ledger's address must name table and lake."
  }

  assert {
    condition     = output.workflow_name == "metriccare_all_workflow_dev"
    error_message = "The workflow must have its name."
  }

  assert {
    condition     = output.job_names == { bronze = "metriccare_bronze_job_dev", silver = "metriccare_silver_job_dev", gold = "metriccare_gold_job_dev" }
    error_message = "There is one job per layer."
  }

  assert {
    condition = alltrue([
      for name in flatten([for value in values(local.names) : try(values(value), [value])]) :
      can(regex("^metriccare_(all|raw|bronze|silver|gold)(_[a-z_]+)?_dev$", name))
    ])
    error_message = "A name is metriccare_<layer>_<component>_<environment>."
  }

  assert {
    condition     = alltrue([for name in values(local.buckets) : can(regex("^metriccare-(all|raw|gold)-[a-z-]+-dev-123456789012$", name))])
    error_message = "A bucket is metriccare-<layer>-<component>-<environment>-<account>."
  }

  assert {
    condition     = alltrue([for arguments in local.job_arguments : arguments["--lake"] == "s3://metriccare-all-lake-dev-123456789012" && arguments["--ledger_url"] == output.ledger_url])
    error_message = "All jobs work on the same lake and ledger."
  }

  assert {
    condition     = [for layer in local.order : local.job_arguments[layer]["--catalog_database"]] == ["metriccare_bronze_dev", "metriccare_silver_dev", "metriccare_gold_dev"]
    error_message = "Each job writes to the database of its layer."
  }

  assert {
    condition     = local.job_arguments.bronze["--raw"] == output.raw_url && !can(local.job_arguments.silver["--raw"])
    error_message = "Only bronze reads raw files."
  }

  assert {
    condition     = local.job_arguments.gold["--sns_topic"] == output.topic_arn && !can(local.job_arguments.bronze["--sns_topic"])
    error_message = "Only gold tells of success."
  }

  assert {
    condition     = output.chat_topic_arn == null && !can(local.job_arguments.gold["--slack_topic"])
    error_message = "Without a channel there is no topic for it."
  }

  assert {
    condition = alltrue([
      for arguments in local.job_arguments :
      can(regex("^s3://metriccare-all-scripts-dev-123456789012/code/[0-9a-f]{16}/metriccare-0.0.0.gluewheels.zip$", arguments["--additional-python-modules"])) &&
      arguments["--python-modules-installer-option"] == "--no-index"
    ])
    error_message = "The jobs install the archive of wheels, and nothing from a package index."
  }

  assert {
    condition = toset(flatten([for statement in local.access.sessions : statement.actions])) == setsubtract(
      flatten([for layer in local.order : [for statement in local.access[layer] : statement.actions]]), ["sns:Publish"]
    )
    error_message = "A session may do what the jobs may, but for the message of success."
  }

  assert {
    condition     = length(distinct([for statement in local.access.sessions : statement.sid])) == length(local.access.sessions)
    error_message = "IAM takes each Sid of a policy once."
  }

  assert {
    condition = alltrue([
      for statement in jsondecode(aws_iam_policy.session_users.policy).Statement :
      statement.Condition.StringEquals[strcontains(statement.Sid, "Start") ? "aws:RequestTag/owner" : "aws:ResourceTag/owner"] == "$${aws:userid}"
      if strcontains(statement.Sid, "OwnSession")
    ])
    error_message = "A person uses sessions of their own only."
  }

  assert {
    condition = alltrue([
      for statement in jsondecode(aws_iam_policy.results.policy).Statement :
      alltrue([for action in statement.Action : !strcontains(action, "*")])
      && (!contains(statement.Resource, "*") || alltrue([for action in statement.Action : startswith(action, "athena:List")]))
    ])
    error_message = "Readers are allowed no wildcard, but for the lists that know no resource."
  }

  assert {
    condition = toset(flatten([
      for statement in jsondecode(aws_iam_policy.results.policy).Statement :
      [for resource in statement.Resource : resource if strcontains(resource, ":table/") || strcontains(resource, "lake-dev-123456789012/")]
      if statement.Action != ["glue:GetTables"] # names and columns
      ])) == toset([
      "arn:aws:glue:eu-central-1:123456789012:table/metriccare_gold_dev/measure_published",
      "arn:aws:s3:::metriccare-all-lake-dev-123456789012/gold/measure_published/*",
    ])
    error_message = "Readers see gold.measure_published and no other table."
  }
}

run "people" {
  command = apply

  assert {
    condition = alltrue(flatten([
      for policy in values(aws_iam_policy.people) : [
        for statement in jsondecode(policy.policy).Statement :
        !contains(statement.Resource, "*") && alltrue([for action in statement.Action : !strcontains(action, "*")])
      ]
    ]))
    error_message = "Uploaders and engineers are allowed no wildcard."
  }

  assert {
    condition     = alltrue([for policy in values(aws_iam_policy.people) : length(policy.policy) <= 6144])
    error_message = "A policy of IAM has at most 6144 characters."
  }

  assert {
    condition = [
      for statement in jsondecode(aws_iam_policy.people["uploaders"].policy).Statement : [statement.Action, statement.Resource] if startswith(statement.Action[0], "s3:")
    ] == [[["s3:PutObject", "s3:AbortMultipartUpload"], ["arn:aws:s3:::metriccare-raw-fhir-dev-123456789012/fhir_data/json/*"]]]
    error_message = "Uploaders add files under the raw prefix, and can neither read nor list nor delete one."
  }

  assert {
    condition = alltrue([
      for statement in jsondecode(aws_iam_policy.people["uploaders"].policy).Statement :
      statement.Condition.StringEquals["kms:EncryptionContext:aws:s3:arn"] == "arn:aws:s3:::metriccare-raw-fhir-dev-123456789012"
      if startswith(statement.Action[0], "kms:")
    ])
    error_message = "Uploaders use the key for raw files only."
  }

  assert {
    condition = alltrue([
      for statement in jsondecode(aws_iam_policy.people["engineers"].policy).Statement :
      length(setintersection(statement.Action, ["s3:PutObject", "s3:DeleteObject"])) == 0 if anytrue([for one in statement.Resource : strcontains(one, "raw-fhir")])
    ])
    error_message = "Engineers change no raw file."
  }
}

run "dev_can_be_destroyed" {
  command = plan

  assert {
    condition     = length(terraform_data.protection) == 0 && !local.deletion_protection && local.force_destroy
    error_message = "Dev can be destroyed, with its data."
  }
}

run "schedules_and_subscribers_are_optional" {
  command = apply

  variables {
    daily_schedule  = null
    hourly_schedule = null
    alert_emails    = ["quality@hospital.example"]
    slack           = { team_id = "T0123ABCD", channel_id = "C0123ABCD" }
  }

  assert {
    condition     = length(module.events.schedule_rules) == 0
    error_message = "Without a schedule there is no rule."
  }

  assert {
    condition     = local.job_arguments.gold["--slack_topic"] == output.chat_topic_arn
    error_message = "Gold must tell the channel of success."
  }
}

run "wrong_values_are_refused" {
  command = plan

  variables {
    engine               = "spark"
    max_quarantined      = 5
    python_modules       = "dist/metriccare.whl"
    permissions_boundary = "metriccare_all_boundary_dev"
  }

  expect_failures = [var.engine, var.max_quarantined, var.python_modules, var.permissions_boundary]
}
