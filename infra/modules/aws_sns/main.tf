# The topic for success and failure messages, and its subscribers, if any: e-mail addresses, a Slack channel.

resource "aws_sns_topic" "this" {
  name              = var.name
  kms_master_key_id = var.kms_key_arn
}

resource "aws_sns_topic_policy" "this" {
  arn = aws_sns_topic.this.arn
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [local.events_publish, local.alarms_publish, local.only_by_tls]
  })
}

resource "aws_sns_topic_subscription" "email" {
  for_each = var.emails

  topic_arn = aws_sns_topic.this.arn
  protocol  = "email"
  endpoint  = each.value
}

resource "aws_chatbot_slack_channel_configuration" "this" {
  count = var.slack == null ? 0 : 1

  configuration_name    = var.slack.name
  iam_role_arn          = module.slack_role[0].arn
  slack_team_id         = var.slack.team_id
  slack_channel_id      = var.slack.channel_id
  sns_topic_arns        = [aws_sns_topic.this.arn]
  guardrail_policy_arns = ["arn:${var.partition}:iam::aws:policy/AWSDenyAll"]
  logging_level         = "ERROR"
}

# Sending messages needs no permission, and nobody in the channel gets one.
module "slack_role" {
  source = "../iam_role"
  count  = var.slack == null ? 0 : 1

  name                 = var.slack.name
  description          = "Amazon Q Developer in the Slack channel; no permissions"
  service              = "chatbot.amazonaws.com"
  has_statements       = false
  permissions_boundary = var.permissions_boundary
}

locals {
  # EventBridge's pages name aws:SourceAccount as a key, SNS's say it may be absent: IfExists refuses other accounts in the
  # first case and loses no message in the second.
  events_publish = {
    Sid       = "EventBridgePublishes"
    Effect    = "Allow"
    Principal = { Service = "events.amazonaws.com" }
    Action    = "sns:Publish"
    Resource  = aws_sns_topic.this.arn
    Condition = { StringEqualsIfExists = { "aws:SourceAccount" = var.account_id } }
  }

  alarms_publish = {
    Sid       = "AlarmsPublish"
    Effect    = "Allow"
    Principal = { Service = "cloudwatch.amazonaws.com" }
    Action    = "sns:Publish"
    Resource  = aws_sns_topic.this.arn
    Condition = { StringEquals = { "aws:SourceAccount" = var.account_id } }
  }

  only_by_tls = {
    Sid       = "OnlyByTls"
    Effect    = "Deny"
    Principal = { AWS = "*" }
    Action    = "sns:Publish"
    Resource  = aws_sns_topic.this.arn
    Condition = { Bool = { "aws:SecureTransport" = "false" } }
  }
}
