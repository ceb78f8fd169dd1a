# Who may do what. docs/aws-permissions.md says why.

locals {
  # Made by bootstrap; where it was not applied, nobody has this name.
  deployer_arns = ["arn:${local.partition}:iam::${local.account_id}:role/metriccare_all_apply_${local.env}"]

  arn = {
    lake     = "arn:${local.partition}:s3:::${local.buckets.lake}"
    raw      = "arn:${local.partition}:s3:::${local.buckets.raw}"
    results  = "arn:${local.partition}:s3:::${local.buckets.query_results}"
    logs     = "arn:${local.partition}:logs:${local.region}:${local.account_id}:log-group"
    glue     = "arn:${local.partition}:glue:${local.region}:${local.account_id}"
    workflow = "arn:${local.partition}:glue:${local.region}:${local.account_id}:workflow/${local.names.workflow}"
    catalog  = "arn:${local.partition}:athena:${local.region}:${local.account_id}:datacatalog/AwsDataCatalog"
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

  # Hudi's reader without a JVM looks for settings of its own below the bucket.
  find_hudi_settings = {
    sid       = "FindHudiSettings"
    actions   = ["s3:GetObject"]
    resources = ["${local.arn.lake}/etc/hudi/conf/hudi-defaults.conf"]
  }

  # The code maps are CSV files in the lake's folder; no table and no run has one.
  read_configuration = {
    sid       = "ReadConfiguration"
    actions   = ["s3:GetObject"]
    resources = ["${local.arn.lake}/metriccare.toml", "${local.arn.lake}/*.csv"]
  }

  # Where layers are written: their tables, their executed notebooks, and the folder markers of Glue's S3 file system.
  # Each job writes one layer; a notebook in an interactive session may be that of any.
  # A file system asks whether the folder itself is an object: without the right to read that key the answer is 403,
  # not 404.
  written = merge({ for layer in local.order : layer => [layer] }, { all = local.order })

  write = {
    for name, layers in local.written : name => [
      {
        sid     = "WriteTables"
        actions = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"]
        resources = flatten([
          for layer in layers : ["${local.arn.lake}/${layer}", "${local.arn.lake}/${layer}/*", "${local.arn.lake}/${layer}_$folder$"]
        ])
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
        resources = concat(["${local.arn.glue}:catalog"], flatten([
          for layer in layers : [
            "${local.arn.glue}:database/${local.names.databases[layer]}",
            "${local.arn.glue}:table/${local.names.databases[layer]}/*",
          ]
        ]))
      },
      {
        # Spark looks up the database "default" when a session with the catalog starts.
        sid     = "FindDatabases"
        actions = ["glue:GetDatabase"]
        resources = concat(
          ["${local.arn.glue}:catalog"],
          [for layer in layers : "${local.arn.glue}:database/${local.names.databases[layer]}"],
          ["${local.arn.glue}:database/default", "${local.arn.glue}:database/global_temp"],
        )
      },
    ]
  }

  read = {
    for layer in local.order : layer => {
      sid       = "Read${title(layer)}"
      actions   = ["s3:GetObject"]
      resources = ["${local.arn.lake}/${layer}", "${local.arn.lake}/${layer}/*"]
    }
  }

  read_raw = [
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
      sid       = "DecryptRaw"
      actions   = ["kms:Decrypt"]
      resources = [module.raw_key.arn]
    },
  ]

  access = {
    intake = [
      local.ledger_statement,
      {
        sid       = "StartWorkflow"
        actions   = ["glue:StartWorkflowRun"]
        resources = [local.arn.workflow]
      },
    ]

    bronze = concat(local.write.bronze, local.read_raw, [
      local.ledger_statement, local.list_lake, local.find_hudi_settings,
    ])

    silver = concat(local.write.silver, [
      local.ledger_statement, local.list_lake, local.find_hudi_settings, local.read_configuration, local.read.bronze,
    ])

    gold = concat(local.write.gold, [
      local.ledger_statement, local.list_lake, local.find_hudi_settings, local.read_configuration,
      local.read.bronze, local.read.silver,
      {
        sid       = "TellOfSuccess"
        actions   = ["sns:Publish"]
        resources = local.topic_arns
      },
    ])

    # What the three jobs may, but for the message of success.
    sessions = concat(local.write.all, local.read_raw, [
      local.ledger_statement, local.list_lake, local.find_hudi_settings, local.read_configuration,
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
          "athena:GetWorkGroup", "athena:StartQueryExecution", "athena:StopQueryExecution", "athena:GetQueryExecution",
          "athena:BatchGetQueryExecution", "athena:ListQueryExecutions", "athena:GetQueryResults",
          "athena:GetQueryResultsStream",
        ]
        Resource = [module.workgroup["readers"].arn]
      },
      {
        # What the ODBC and JDBC drivers, and so Power BI, ask before they show a table. Names and columns, no rows.
        Sid    = "Browse"
        Effect = "Allow"
        Action = [
          "athena:GetDataCatalog", "athena:GetDatabase", "athena:GetTableMetadata", "athena:ListDatabases",
          "athena:ListTableMetadata",
        ]
        Resource = [local.arn.catalog]
      },
      {
        # These know no resource.
        Sid      = "ListCatalogsAndWorkgroups"
        Effect   = "Allow"
        Action   = ["athena:ListDataCatalogs", "athena:ListEngineVersions", "athena:ListWorkGroups"]
        Resource = ["*"]
      },
      {
        Sid      = "ListDatabases"
        Effect   = "Allow"
        Action   = ["glue:GetDatabases"]
        Resource = ["${local.arn.glue}:catalog", "${local.arn.glue}:database/*"]
      },
      {
        Sid    = "ListTables"
        Effect = "Allow"
        Action = ["glue:GetTables"]
        Resource = [
          "${local.arn.glue}:catalog",
          "${local.arn.glue}:database/${local.names.databases.gold}",
          "${local.arn.glue}:table/${local.names.databases.gold}/*",
        ]
      },
      {
        # Athena looks for the database "default" whatever a query names.
        Sid      = "FindDefault"
        Effect   = "Allow"
        Action   = ["glue:GetDatabase"]
        Resource = ["${local.arn.glue}:catalog", "${local.arn.glue}:database/default"]
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
        # Of these two buckets only: not the ledger, the queue or the logs, which are under the same key. The context is the
        # bucket, as S3 Bucket Keys have it, or the object.
        Condition = {
          StringLike = {
            "kms:EncryptionContext:aws:s3:arn" = [
              local.arn.lake, "${local.arn.lake}/gold/measure_published/*",
              local.arn.results, "${local.arn.results}/readers/*",
            ]
          }
        }
      },
    ]
  })
}

# For people who work in interactive sessions with the kernel glue_pyspark (`metriccare glue-lab --profile`).
resource "aws_iam_policy" "session_users" {
  name        = local.names.sessions
  description = "Starts Glue interactive sessions of MetricCare ${local.env} with their role, and uses one's own"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        # The jobs' definitions name what a session is given: the newest wheels, the lake, the ledger and the raw files.
        Sid      = "FindSettings"
        Effect   = "Allow"
        Action   = ["glue:GetJob"]
        Resource = [for layer in ["bronze", "gold"] : "${local.arn.glue}:job/${local.names.jobs[layer]}"]
      },
      {
        Sid      = "FindRole"
        Effect   = "Allow"
        Action   = ["iam:GetRole"]
        Resource = [module.sessions.arn]
      },
      {
        Sid       = "PassRole"
        Effect    = "Allow"
        Action    = ["iam:PassRole"]
        Resource  = [module.sessions.arn]
        Condition = { StringEquals = { "iam:PassedToService" = "glue.amazonaws.com" } }
      },
      {
        Sid      = "FindWheels"
        Effect   = "Allow"
        Action   = ["s3:GetObject"]
        Resource = ["${module.scripts.arn}/*"]
      },
      {
        # HeadObject answers 404 instead of 403 for a missing object.
        Sid      = "ListWheels"
        Effect   = "Allow"
        Action   = ["s3:ListBucket"]
        Resource = [module.scripts.arn]
      },
      {
        Sid      = "Decrypt"
        Effect   = "Allow"
        Action   = ["kms:Decrypt"]
        Resource = [module.key.arn]
      },
      {
        # The kernel tags a session with its owner as it creates it.
        Sid       = "StartOwnSession"
        Effect    = "Allow"
        Action    = ["glue:CreateSession"]
        Resource  = ["${local.arn.glue}:session/*"]
        Condition = { StringEquals = { "aws:RequestTag/owner" = "$${aws:userid}" } }
      },
      {
        # Both conditions, as in AWS's own policy AwsGlueSessionUserRestrictedPolicy: nobody can take over a session.
        Sid      = "TagOwnSession"
        Effect   = "Allow"
        Action   = ["glue:TagResource"]
        Resource = ["${local.arn.glue}:session/*"]
        Condition = { StringEquals = {
          "aws:RequestTag/owner"  = "$${aws:userid}"
          "aws:ResourceTag/owner" = "$${aws:userid}"
        } }
      },
      {
        Sid    = "UseOwnSession"
        Effect = "Allow"
        Action = [
          "glue:CancelStatement", "glue:GetSession", "glue:GetStatement", "glue:ListStatements",
          "glue:RunStatement", "glue:StopSession",
        ]
        Resource  = ["${local.arn.glue}:session/*"]
        Condition = { StringEquals = { "aws:ResourceTag/owner" = "$${aws:userid}" } }
      },
      {
        # This action has no resource type.
        Sid      = "ListSessions"
        Effect   = "Allow"
        Action   = ["glue:ListSessions"]
        Resource = ["*"]
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
