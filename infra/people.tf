# What people may do, and what delivers the files: one role and one policy each for uploaders and engineers. Readers of
# results are in access.tf. docs/aws-permissions.md says why.

locals {
  people = {
    uploaders = { description = "Uploads FHIR files to MetricCare ${local.env}, and reads nothing", statements = local.upload }
    engineers = { description = "Operates MetricCare ${local.env}: status, replay, runs, logs, queries", statements = local.operate }
  }

  people_names = { uploaders = local.names.uploaders, engineers = local.names.workgroups.engineers }
}

resource "aws_iam_policy" "people" {
  for_each = local.people

  name        = local.people_names[each.key]
  description = each.value.description

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      for statement in each.value.statements : merge(
        { Sid = statement.sid, Effect = "Allow", Action = statement.actions, Resource = statement.resources },
        { for name, condition in statement : title(name) => condition if name == "condition" },
      )
    ]
  })
}

module "people" {
  source   = "./modules/iam_role"
  for_each = local.people

  name                 = local.people_names[each.key]
  description          = each.value.description
  account_arn          = "arn:${local.partition}:iam::${local.account_id}:root"
  has_statements       = false
  permissions_boundary = var.permissions_boundary

  policy_arns = merge(
    { this = aws_iam_policy.people[each.key].arn },
    { for name in ["sessions"] : name => aws_iam_policy.session_users.arn if each.key == "engineers" },
  )
}

# --- Uploaders ----------------------------------------------------------------------------------

locals {
  upload = [
    {
      sid       = "Upload"
      actions   = ["s3:PutObject", "s3:AbortMultipartUpload"]
      resources = ["${local.arn.raw}/${local.raw_prefix}*"]
    },
    {
      # S3 decrypts the parts of a large file to join them. The context is the bucket's: nothing else under the key.
      sid       = "EncryptUploads"
      actions   = ["kms:GenerateDataKey", "kms:Decrypt"]
      resources = [module.raw_key.arn]
      condition = { StringEquals = { "kms:EncryptionContext:aws:s3:arn" = local.arn.raw } }
    },
  ]
}

# --- Engineers ----------------------------------------------------------------------------------

locals {
  operate = concat(local.work_on_the_lake, local.operate_the_jobs, local.query_all_tables)

  # `metriccare status`, `quarantine`, `run`, `measures` and others with --lake s3://...
  work_on_the_lake = [
    local.ledger_statement,
    local.list_lake,
    {
      sid       = "WorkOnLake"
      actions   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"]
      resources = ["${local.arn.lake}/*"]
    },
    {
      sid       = "ListRaw"
      actions   = ["s3:ListBucket", "s3:GetBucketLocation"]
      resources = [local.arn.raw]
    },
    {
      sid       = "ReadRaw"
      actions   = ["s3:GetObject", "s3:GetObjectVersion"]
      resources = ["${local.arn.raw}/${local.raw_prefix}*"]
    },
    {
      sid       = "DecryptAndEncrypt"
      actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
      resources = [module.key.arn]
    },
    {
      sid       = "DecryptRaw"
      actions   = ["kms:Decrypt"]
      resources = [module.raw_key.arn]
    },
  ]

  # The commands of docs/operations.md, and the logs to which failure messages link.
  operate_the_jobs = [
    {
      sid       = "RunJobs"
      actions   = ["glue:GetJob", "glue:GetJobRun", "glue:GetJobRuns", "glue:StartJobRun", "glue:BatchStopJobRun"]
      resources = [for layer in local.order : "${local.arn.glue}:job/${local.names.jobs[layer]}"]
    },
    {
      sid       = "WatchWorkflow"
      actions   = ["glue:GetWorkflow", "glue:GetWorkflowRun", "glue:GetWorkflowRuns"]
      resources = [local.arn.workflow]
    },
    {
      sid       = "StartRun"
      actions   = ["lambda:InvokeFunction"]
      resources = [module.intake.arn]
    },
    {
      sid       = "ReadLogs"
      actions   = ["logs:DescribeLogStreams", "logs:FilterLogEvents", "logs:GetLogEvents"]
      resources = flatten([for group in local.log_groups : ["${local.arn.logs}:${group}", "${local.arn.logs}:${group}:*"]])
    },
    {
      sid = "Redrive"
      actions = [
        "sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:SendMessage",
        "sqs:StartMessageMoveTask", "sqs:ListMessageMoveTasks", "sqs:CancelMessageMoveTask",
      ]
      resources = [for name in [local.names.uploads, local.names.dead_letters] : "arn:${local.partition}:sqs:${local.region}:${local.account_id}:${name}"]
    },
    {
      sid       = "SeeBucketSettings"
      actions   = ["s3:GetBucketNotification"]
      resources = [local.arn.raw]
    },
  ]

  query_all_tables = [
    {
      sid = "Query"
      actions = [
        "athena:GetWorkGroup", "athena:StartQueryExecution", "athena:StopQueryExecution", "athena:GetQueryExecution",
        "athena:GetQueryResults",
      ]
      resources = [module.workgroup["engineers"].arn]
    },
    {
      sid     = "FindTables"
      actions = ["glue:GetDatabase", "glue:GetTable", "glue:GetTables", "glue:GetPartition", "glue:GetPartitions", "glue:BatchGetPartition"]
      resources = concat(["${local.arn.glue}:catalog", "${local.arn.glue}:database/default"], flatten([
        for database in values(local.names.databases) : ["${local.arn.glue}:database/${database}", "${local.arn.glue}:table/${database}/*"]
      ]))
    },
    {
      sid       = "KeepResults"
      actions   = ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"]
      resources = ["${local.arn.results}/engineers/*"]
    },
    {
      sid       = "FindResults"
      actions   = ["s3:ListBucket", "s3:GetBucketLocation"]
      resources = [local.arn.results]
    },
  ]

  log_groups = concat([module.intake.log_group], flatten([for job in module.job : values(job.log_groups)]))
}
