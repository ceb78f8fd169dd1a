# The stack's own roles: what the apply role may do with them, and their permissions boundary.

locals {
  # Roles of the stack. The roles of this folder have the layer "all", so an apply role cannot change itself.
  role_arns = {
    for env in local.environments : env => concat(
      [for layer in ["raw", "bronze", "silver", "gold"] : "arn:${local.partition}:iam::${local.account_id}:role/metriccare_${layer}_*_${env}"],
      ["arn:${local.partition}:iam::${local.account_id}:role/metriccare_all_slack_${env}"],
    )
  }

  policy_arns = {
    for env in local.environments : env => [
      for name in ["gold_readers", "gold_engineers", "gold_sessions", "raw_uploaders"] : "arn:${local.partition}:iam::${local.account_id}:policy/metriccare_${name}_${env}"
    ]
  }

  boundary_arn = { for env in local.environments : env => "arn:${local.partition}:iam::${local.account_id}:policy/metriccare_all_boundary_${env}" }

  role_statements = {
    for env in local.environments : env => [
      {
        Sid       = "GrantWithinBoundary"
        Effect    = "Allow"
        Action    = ["iam:AttachRolePolicy", "iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"]
        Resource  = local.role_arns[env]
        Condition = { StringEquals = { "iam:PermissionsBoundary" = local.boundary_arn[env] } }
      },
      {
        Sid    = "ChangeRoles"
        Effect = "Allow"
        Action = [
          "iam:DeleteRole", "iam:DeleteRolePolicy", "iam:DetachRolePolicy", "iam:TagRole", "iam:UntagRole",
          "iam:UpdateAssumeRolePolicy", "iam:UpdateRole", "iam:UpdateRoleDescription",
        ]
        Resource = local.role_arns[env]
      },
      {
        Sid    = "ChangePolicies"
        Effect = "Allow"
        Action = [
          "iam:CreatePolicy", "iam:CreatePolicyVersion", "iam:DeletePolicy", "iam:DeletePolicyVersion", "iam:TagPolicy",
          "iam:UntagPolicy",
        ]
        Resource = local.policy_arns[env]
      },
      {
        Sid       = "PassRoles"
        Effect    = "Allow"
        Action    = ["iam:PassRole"]
        Resource  = local.role_arns[env]
        Condition = { StringEquals = { "iam:PassedToService" = ["glue.amazonaws.com", "lambda.amazonaws.com", "chatbot.amazonaws.com"] } }
      },
      {
        Sid    = "ChangeSlack"
        Effect = "Allow"
        Action = [
          "chatbot:DeleteSlackChannelConfiguration", "chatbot:TagResource", "chatbot:UpdateSlackChannelConfiguration",
        ]
        Resource = ["arn:${local.partition}:chatbot::${local.account_id}:chat-configuration/slack-channel/metriccare_all_slack_${env}"]
      },
    ]
  }

  boundary_statements = {
    for env in local.environments : env => [
      {
        Sid    = "Objects"
        Effect = "Allow"
        Action = [
          "s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetBucketLocation", "s3:GetObject", "s3:GetObjectVersion",
          "s3:GetBucketNotification", "s3:ListBucket", "s3:ListMultipartUploadParts", "s3:PutObject",
        ]
        Resource = ["arn:${local.partition}:s3:::metriccare-*-${env}-${local.account_id}", "arn:${local.partition}:s3:::metriccare-*-${env}-${local.account_id}/*"]
      },
      {
        Sid    = "LedgerQueueTopicWorkflow"
        Effect = "Allow"
        Action = [
          "dynamodb:BatchGetItem", "dynamodb:ConditionCheckItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query",
          "dynamodb:UpdateItem", "glue:StartWorkflowRun", "sns:Publish", "sqs:DeleteMessage", "sqs:GetQueueAttributes",
          "sqs:ReceiveMessage",
        ]
        Resource = concat(
          local.resources[env].dynamodb, local.resources[env].sqs, local.resources[env].sns,
          ["${local.regional.glue}:workflow/metriccare_*_${env}"],
        )
      },
      {
        # What engineers do by hand.
        Sid    = "Operations"
        Effect = "Allow"
        Action = [
          "glue:BatchStopJobRun", "glue:GetJob", "glue:GetJobRun", "glue:GetJobRuns", "glue:GetWorkflow", "glue:GetWorkflowRun",
          "glue:GetWorkflowRuns", "glue:StartJobRun", "lambda:InvokeFunction", "logs:DescribeLogStreams", "logs:FilterLogEvents",
          "logs:GetLogEvents", "sqs:CancelMessageMoveTask", "sqs:GetQueueUrl", "sqs:ListMessageMoveTasks", "sqs:SendMessage",
          "sqs:StartMessageMoveTask",
        ]
        Resource = concat(
          local.resources[env].sqs, local.changed_resources[env].lambda, local.changed_resources[env].logs,
          ["${local.regional.glue}:job/metriccare_*_${env}", "${local.regional.glue}:workflow/metriccare_*_${env}"],
        )
      },
      {
        # The kernel of engineers' notebooks; their policy allows sessions of their own only.
        Sid    = "Sessions"
        Effect = "Allow"
        Action = [
          "glue:CancelStatement", "glue:CreateSession", "glue:GetSession", "glue:GetStatement",
          "glue:ListStatements", "glue:RunStatement", "glue:StopSession", "glue:TagResource",
        ]
        Resource = ["${local.regional.glue}:session/*"]
      },
      {
        Sid      = "SessionsRole"
        Effect   = "Allow"
        Action   = ["iam:GetRole", "iam:PassRole"]
        Resource = ["arn:${local.partition}:iam::${local.account_id}:role/metriccare_gold_sessions_${env}"]
      },
      {
        # ListSessions has no resource type.
        Sid      = "ListSessions"
        Effect   = "Allow"
        Action   = ["glue:ListSessions"]
        Resource = ["*"]
      },
      {
        Sid    = "CatalogAndQueries"
        Effect = "Allow"
        Action = [
          "athena:BatchGetQueryExecution", "athena:GetDataCatalog", "athena:GetDatabase", "athena:GetQueryExecution",
          "athena:GetQueryResults", "athena:GetQueryResultsStream", "athena:GetTableMetadata", "athena:GetWorkGroup",
          "athena:ListDatabases", "athena:ListQueryExecutions", "athena:ListTableMetadata", "athena:StartQueryExecution",
          "athena:StopQueryExecution", "glue:BatchCreatePartition", "glue:BatchDeletePartition", "glue:BatchGetPartition",
          "glue:BatchUpdatePartition", "glue:CreateTable", "glue:DeletePartition", "glue:GetPartition",
          "glue:GetPartitions", "glue:GetTable", "glue:GetTables", "glue:UpdatePartition", "glue:UpdateTable",
        ]
        Resource = concat(
          local.resources[env].athena,
          [
            "${local.regional.athena}:datacatalog/AwsDataCatalog",
            "${local.regional.glue}:catalog", "${local.regional.glue}:database/metriccare_*_${env}", "${local.regional.glue}:table/metriccare_*_${env}/*",
          ],
        )
      },
      {
        # Spark and Athena also look for "default", Spark for "global_temp"; a list of databases is asked of all of them.
        Sid      = "FindDatabases"
        Effect   = "Allow"
        Action   = ["glue:GetDatabase", "glue:GetDatabases"]
        Resource = ["${local.regional.glue}:catalog", "${local.regional.glue}:database/*"]
      },
      {
        Sid      = "ListWithoutResource"
        Effect   = "Allow"
        Action   = ["athena:ListDataCatalogs", "athena:ListEngineVersions", "athena:ListWorkGroups"]
        Resource = ["*"]
      },
      {
        Sid      = "Logs"
        Effect   = "Allow"
        Action   = ["logs:AssociateKmsKey", "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = local.changed_resources[env].logs
      },
      {
        Sid       = "Keys"
        Effect    = "Allow"
        Action    = ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"]
        Resource  = ["${local.regional.kms}:key/*"]
        Condition = { StringEquals = { "aws:ResourceTag/Project" = "metriccare", "aws:ResourceTag/Environment" = env } }
      },
      {
        # PutMetricData has no resource type.
        Sid       = "Metrics"
        Effect    = "Allow"
        Action    = ["cloudwatch:PutMetricData"]
        Resource  = ["*"]
        Condition = { StringEquals = { "cloudwatch:namespace" = ["MetricCare"] } }
      },
    ]
  }
}
