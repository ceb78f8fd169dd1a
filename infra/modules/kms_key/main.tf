# A key, and who may use it without asking IAM: the roles that deploy, and services of AWS that send or log.

resource "aws_kms_key" "this" {
  description             = var.description
  enable_key_rotation     = true
  deletion_window_in_days = var.deletion_window_days
  policy                  = jsonencode({ Version = "2012-10-17", Statement = local.statements })
}

resource "aws_kms_alias" "this" {
  name          = "alias/${var.name}"
  target_key_id = aws_kms_key.this.key_id
}

locals {
  # In a key policy, "*" means this key. The roles' policies decide who may use it.
  account = {
    Sid       = "AccountDecidesByIam"
    Effect    = "Allow"
    Principal = { AWS = "arn:${var.partition}:iam::${var.account_id}:root" }
    Action    = "kms:*"
    Resource  = "*"
  }

  # KMS takes up to five minutes until the tags of a new key count in conditions, and Terraform uses the key at once. So
  # the roles that deploy are named here. By a condition, since a principal that does not exist would be an error.
  deployers = {
    Sid       = "DeployersNeedNoTags"
    Effect    = "Allow"
    Principal = { AWS = "*" }
    Action = [
      "kms:CreateAlias", "kms:CreateGrant", "kms:Decrypt", "kms:DeleteAlias", "kms:DescribeKey", "kms:EnableKeyRotation",
      "kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:PutKeyPolicy", "kms:ReEncryptFrom",
      "kms:ReEncryptTo", "kms:ScheduleKeyDeletion", "kms:UpdateAlias", "kms:UpdateKeyDescription",
    ]
    Resource = "*"
    Condition = {
      StringEquals = { "kms:CallerAccount" = var.account_id }
      ArnEquals    = { "aws:PrincipalArn" = var.deployer_arns }
    }
  }

  # AWS's examples have no condition here. Another account's sender is refused where the service says whose it is; where
  # it does not (EventBridge, for a topic's key), IfExists keeps the messages coming.
  senders = {
    Sid       = "ServicesThatSend"
    Effect    = "Allow"
    Principal = { Service = var.senders }
    Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
    Resource  = "*"
    Condition = { StringEqualsIfExists = { "aws:SourceAccount" = var.account_id } }
  }

  logs = {
    Sid       = "CloudWatchLogs"
    Effect    = "Allow"
    Principal = { Service = "logs.${var.region}.amazonaws.com" }
    Action = [
      "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext",
      "kms:ReEncryptFrom", "kms:ReEncryptTo",
    ]
    Resource = "*"
    Condition = {
      ArnLike = { "kms:EncryptionContext:aws:logs:arn" = "arn:${var.partition}:logs:${var.region}:${var.account_id}:log-group:*" }
    }
  }

  statements = concat(
    [local.account],
    length(var.deployer_arns) == 0 ? [] : [local.deployers],
    length(var.senders) == 0 ? [] : [local.senders],
    var.encrypts_logs ? [local.logs] : [],
  )
}
