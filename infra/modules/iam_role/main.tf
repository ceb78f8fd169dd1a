# A role for one job or function: who may assume it, and exactly what it may do.

resource "aws_iam_role" "this" {
  name                 = var.name
  description          = var.description
  permissions_boundary = var.permissions_boundary
  max_session_duration = 3600

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [merge(
      { Effect = "Allow", Action = "sts:AssumeRole", Principal = local.principal },
      length(local.trust_condition) == 0 ? {} : { Condition = local.trust_condition },
    )]
  })
}

resource "aws_iam_role_policy" "this" {
  count = var.has_statements ? 1 : 0

  name   = var.name
  role   = aws_iam_role.this.id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.statements })
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each = var.policy_arns

  role       = aws_iam_role.this.name
  policy_arn = each.value
}

locals {
  principal       = var.service == null ? { AWS = var.account_arn } : { Service = var.service }
  trust_condition = var.source_account == null ? {} : { StringEquals = { "aws:SourceAccount" = var.source_account } }

  statements = [
    for statement in var.statements : merge(
      { Sid = statement.sid, Effect = "Allow", Action = statement.actions, Resource = statement.resources },
      statement.conditions == null ? {} : { Condition = statement.conditions },
    )
  ]
}
