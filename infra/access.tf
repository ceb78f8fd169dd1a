# Who may do what. docs/aws-permissions.md says why.

locals {
  arn = {
    lake     = "arn:${local.partition}:s3:::${local.buckets.lake}"
    raw      = "arn:${local.partition}:s3:::${local.buckets.raw}"
    results  = "arn:${local.partition}:s3:::${local.buckets.query_results}"
    logs     = "arn:${local.partition}:logs:${local.region}:${local.account_id}:log-group"
    glue     = "arn:${local.partition}:glue:${local.region}:${local.account_id}"
    workflow = "arn:${local.partition}:glue:${local.region}:${local.account_id}:workflow/${local.names.workflow}"
  }

  topic_arns = concat([module.alerts.arn], module.chat_alerts[*].arn)

  # The ledger is only written in transactions; a transaction needs the permission for each of its parts.
  ledger_statement = {
    sid = "UseLedger"
    actions = [
      "dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query",
      "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:ConditionCheckItem",
    ]
    resources = [module.ledger.arn, module.ledger.index_arn]
  }

  # Without ListBucket, S3 returns 403 instead of 404 for missing objects, so it is granted without a prefix.
  list_lake = {
    sid       = "ListLake"
    actions   = ["s3:ListBucket", "s3:GetBucketLocation"]
    resources = [local.arn.lake]
  }

  # The code maps are CSV files in the lake's folder; no table and no run has one.
  read_configuration = {
    sid       = "ReadConfiguration"
    actions   = ["s3:GetObject"]
    resources = ["${local.arn.lake}/metriccare.toml", "${local.arn.lake}/*.csv"]
  }

  # Where a layer is written: its tables, its executed notebooks, and the folder markers of Glue's S3 file system.
  write = {
    for layer in local.order : layer => [
      {
        sid       = "WriteTables"
        actions   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"]
        resources = ["${local.arn.lake}/${layer}/*", "${local.arn.lake}/${layer}_$folder$"]
      },
      {
        sid       = "KeepExecutedNotebooks"
        actions   = ["s3:PutObject"]
        resources = ["${local.arn.lake}/runs/*"]
      },
      {
        sid = "SyncTables"
        actions = [
          "glue:GetTable", "glue:GetTables", "glue:CreateTable", "glue:UpdateTable",
          "glue:GetPartition", "glue:GetPartitions", "glue:BatchGetPartition", "glue:BatchCreatePartition",
          "glue:UpdatePartition", "glue:BatchUpdatePartition", "glue:DeletePartition", "glue:BatchDeletePartition",
        ]
        resources = [
          "${local.arn.glue}:catalog",
          "${local.arn.glue}:database/${local.names.databases[layer]}",
          "${local.arn.glue}:table/${local.names.databases[layer]}/*",
        ]
      },
      {
        # Spark looks up the database "default" when a session with the catalog starts.
        sid     = "FindDatabases"
        actions = ["glue:GetDatabase"]
        resources = [
          "${local.arn.glue}:catalog",
          "${local.arn.glue}:database/${local.names.databases[layer]}",
          "${local.arn.glue}:database/default",
          "${local.arn.glue}:database/global_temp",
        ]
      },
    ]
  }

  read = {
    for layer in local.order : layer => {
      sid       = "Read${title(layer)}"
      actions   = ["s3:GetObject"]
      resources = ["${local.arn.lake}/${layer}/*"]
    }
  }

  access = {
    intake = [
      local.ledger_statement,
      {
        sid       = "StartWorkflow"
        actions   = ["glue:StartWorkflowRun"]
        resources = [local.arn.workflow]
      },
    ]

    bronze = concat(local.write.bronze, [
      local.ledger_statement,
      local.list_lake,
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
    ])

    silver = concat(local.write.silver, [
      local.ledger_statement, local.list_lake, local.read_configuration, local.read.bronze,
    ])

    gold = concat(local.write.gold, [
      local.ledger_statement, local.list_lake, local.read_configuration, local.read.bronze, local.read.silver,
      {
        sid       = "TellOfSuccess"
        actions   = ["sns:Publish"]
        resources = local.topic_arns
      },
    ])
  }
}

# For people and tools that read results: gold.measure_published, where small cells are hidden, and no other table.
resource "aws_iam_policy" "results" {
  name        = local.names.readers
  description = "Reads gold.measure_published of MetricCare ${local.env} with Athena, and nothing else"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "Query"
        Effect = "Allow"
        Action = [
          "athena:GetWorkGroup", "athena:StartQueryExecution", "athena:StopQueryExecution",
          "athena:GetQueryExecution", "athena:GetQueryResults",
        ]
        Resource = [module.workgroup["readers"].arn]
      },
      {
        Sid    = "FindTable"
        Effect = "Allow"
        Action = ["glue:GetDatabase", "glue:GetTable", "glue:GetPartition", "glue:GetPartitions", "glue:BatchGetPartition"]
        Resource = [
          "${local.arn.glue}:catalog",
          "${local.arn.glue}:database/${local.names.databases.gold}",
          "${local.arn.glue}:table/${local.names.databases.gold}/measure_published",
        ]
      },
      {
        Sid      = "ReadTable"
        Effect   = "Allow"
        Action   = ["s3:GetObject"]
        Resource = ["${local.arn.lake}/gold/measure_published/*"]
      },
      {
        Sid       = "ListTable"
        Effect    = "Allow"
        Action    = ["s3:ListBucket"]
        Resource  = [local.arn.lake]
        Condition = { StringLike = { "s3:prefix" = ["gold/measure_published", "gold/measure_published/*"] } }
      },
      {
        Sid      = "KeepResults"
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"]
        Resource = ["${local.arn.results}/readers/*"]
      },
      {
        Sid      = "FindBuckets"
        Effect   = "Allow"
        Action   = ["s3:GetBucketLocation"]
        Resource = [local.arn.lake, local.arn.results]
      },
      {
        Sid       = "ListResults"
        Effect    = "Allow"
        Action    = ["s3:ListBucket"]
        Resource  = [local.arn.results]
        Condition = { StringLike = { "s3:prefix" = ["readers", "readers/*"] } }
      },
      {
        Sid      = "DecryptAndEncrypt"
        Effect   = "Allow"
        Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource = [module.key.arn]
      },
    ]
  })
}

locals {
  workgroups = {
    readers   = "Published results"
    engineers = "All tables of the lake, by the engineers' own permissions"
  }
}
