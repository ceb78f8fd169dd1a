# What the roles may do on which resources; the names match ../names.tf.

locals {
  services = setsubtract(keys(local.read_actions), ["iam", "kms"])

  regional = {
    for service in ["athena", "cloudwatch", "dynamodb", "events", "glue", "kms", "lambda", "logs", "sns", "sqs"] :
    service => "arn:${local.partition}:${service}:${local.region}:${local.account_id}"
  }

  resources = {
    for env in local.environments : env => {
      s3       = ["arn:${local.partition}:s3:::metriccare-*-${env}-${local.account_id}"]
      dynamodb = ["${local.regional.dynamodb}:table/metriccare_*_${env}", "${local.regional.dynamodb}:table/metriccare_*_${env}/index/by_state"]
      sqs      = ["${local.regional.sqs}:metriccare_*_${env}"]
      sns      = ["${local.regional.sns}:metriccare_*_${env}"]
      events   = ["${local.regional.events}:rule/metriccare_*_${env}"]
      athena   = ["${local.regional.athena}:workgroup/metriccare_*_${env}"]
      lambda   = ["${local.regional.lambda}:function:metriccare_*_${env}", "${local.regional.lambda}:event-source-mapping:*"]

      # DescribeAlarms has no narrower resource.
      logs       = ["${local.regional.logs}:log-group:*"]
      cloudwatch = ["${local.regional.cloudwatch}:alarm:*", "arn:${local.partition}:cloudwatch::${local.account_id}:dashboard/metriccare_*_${env}"]

      glue = [
        "${local.regional.glue}:catalog",
        "${local.regional.glue}:database/metriccare_*_${env}",
        "${local.regional.glue}:job/metriccare_*_${env}",
        "${local.regional.glue}:trigger/metriccare_*_${env}",
        "${local.regional.glue}:workflow/metriccare_*_${env}",
      ]
    }
  }

  # Resources that are created, changed or deleted carry the environment's name; mappings, that of the function.
  changed_resources = {
    for env in local.environments : env => merge(local.resources[env], {
      lambda = ["${local.regional.lambda}:function:metriccare_*_${env}"]
      # Whoever deletes a database deletes what is in it.
      glue = concat(local.resources[env].glue, [
        "${local.regional.glue}:table/metriccare_*_${env}/*", "${local.regional.glue}:userDefinedFunction/metriccare_*_${env}/*",
      ])
      logs = [
        "${local.regional.logs}:log-group:/aws/lambda/metriccare_*_${env}*",
        "${local.regional.logs}:log-group:/aws-glue/*/metriccare_all_security_${env}-role/*",
      ]
      cloudwatch = ["${local.regional.cloudwatch}:alarm:metriccare_*_${env}", "arn:${local.partition}:cloudwatch::${local.account_id}:dashboard/metriccare_*_${env}"]
    })
  }

  code_buckets = { for env in local.environments : env => ["arn:${local.partition}:s3:::metriccare-all-scripts-${env}-${local.account_id}"] }
  code_objects = { for env in local.environments : env => ["arn:${local.partition}:s3:::metriccare-all-scripts-${env}-${local.account_id}/*"] }

  read_statements = {
    for env in local.environments : env => concat(
      [for service in local.services : {
        Sid      = "Read${title(service)}"
        Effect   = "Allow"
        Action   = [for action in local.read_actions[service] : "${service}:${action}"]
        Resource = local.resources[env][service]
      }],
      [
        { Sid = "ReadCode", Effect = "Allow", Action = ["s3:GetObject", "s3:GetObjectTagging"], Resource = local.code_objects[env] },
        { Sid = "ReadIam", Effect = "Allow", Action = [for action in local.read_actions.iam : "iam:${action}"], Resource = concat(local.role_arns[env], local.policy_arns[env]) },
        { Sid = "ReadKeys", Effect = "Allow", Action = [for action in local.read_actions.kms : "kms:${action}"], Resource = ["${local.regional.kms}:key/*"] },
        # Reading an object, or a function's variables, means decrypting it.
        {
          Sid       = "DecryptCode"
          Effect    = "Allow"
          Action    = ["kms:Decrypt"]
          Resource  = ["${local.regional.kms}:key/*"]
          Condition = { StringLike = { "kms:EncryptionContext:aws:s3:arn" = concat(local.code_buckets[env], local.code_objects[env]) } }
        },
        {
          Sid       = "DecryptVariables"
          Effect    = "Allow"
          Action    = ["kms:Decrypt"]
          Resource  = ["${local.regional.kms}:key/*"]
          Condition = { StringLike = { "kms:EncryptionContext:aws:lambda:FunctionArn" = ["${local.regional.lambda}:function:metriccare_*_${env}"] } }
        },
        { Sid = "ReadWithoutResource", Effect = "Allow", Action = local.read_actions_without_resource, Resource = ["*"] },
      ],
    )
  }

  change_statements = {
    for env in local.environments : env => concat(
      [for service in local.services : {
        Sid      = "Change${title(service)}"
        Effect   = "Allow"
        Action   = [for action in local.change_actions[service] : "${service}:${action}" if !strcontains(action, "EventSourceMapping")]
        Resource = local.changed_resources[env][service]
      }],
      [
        {
          Sid       = "ChangeMapping"
          Effect    = "Allow"
          Action    = [for action in local.change_actions.lambda : "lambda:${action}" if strcontains(action, "EventSourceMapping")]
          Resource  = ["*"]
          Condition = { ArnLike = { "lambda:FunctionArn" = "${local.regional.lambda}:function:metriccare_*_${env}" } }
        },
        {
          # The provider tags the mapping as it creates it.
          Sid       = "TagMapping"
          Effect    = "Allow"
          Action    = ["lambda:TagResource"]
          Resource  = ["${local.regional.lambda}:event-source-mapping:*"]
          Condition = { StringEquals = { "aws:RequestTag/Project" = "metriccare", "aws:RequestTag/Environment" = env } }
        },
        {
          Sid      = "ChangeObjects"
          Effect   = "Allow"
          Action   = ["s3:PutObject", "s3:PutObjectTagging", "s3:DeleteObject", "s3:DeleteObjectVersion"]
          Resource = local.code_objects[env]
        },
        {
          # Destroying dev empties its buckets; those of prod must be emptied manually.
          Sid      = "EmptyBuckets"
          Effect   = "Allow"
          Action   = ["s3:DeleteObject", "s3:DeleteObjectVersion"]
          Resource = env == "dev" ? ["arn:${local.partition}:s3:::metriccare-*-dev-${local.account_id}/*"] : local.code_objects[env]
        },
        {
          Sid       = "CreateKey"
          Effect    = "Allow"
          Action    = ["kms:CreateKey", "kms:TagResource"]
          Resource  = ["*"]
          Condition = { StringEquals = { "aws:RequestTag/Project" = "metriccare", "aws:RequestTag/Environment" = env } }
        },
        {
          # The tags of a new key count after up to five minutes; until then its own policy names the apply role.
          Sid    = "ChangeAndUseKey"
          Effect = "Allow"
          Action = [
            "kms:CreateAlias", "kms:CreateGrant", "kms:Decrypt", "kms:DeleteAlias", "kms:EnableKeyRotation", "kms:Encrypt",
            "kms:GenerateDataKey", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:UntagResource", "kms:UpdateAlias",
            "kms:UpdateKeyDescription",
          ]
          Resource  = ["${local.regional.kms}:key/*"]
          Condition = { StringEquals = { "aws:ResourceTag/Project" = "metriccare", "aws:ResourceTag/Environment" = env } }
        },
        {
          Sid      = "ChangeAlias"
          Effect   = "Allow"
          Action   = ["kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"]
          Resource = ["${local.regional.kms}:alias/metriccare_all_key_${env}", "${local.regional.kms}:alias/metriccare_raw_key_${env}"]
        },
        { Sid = "ChangeWithoutResource", Effect = "Allow", Action = local.change_actions_without_resource, Resource = ["*"] },
      ],
    )
  }
}
