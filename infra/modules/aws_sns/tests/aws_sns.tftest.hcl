mock_provider "aws" {
  mock_resource "aws_sns_topic" {
    defaults = { arn = "arn:aws:sns:us-east-1:123456789012:metriccare_all_alerts_dev" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/metriccare_all_slack_dev" }
  }
}

variables {
  name        = "metriccare_all_alerts_dev"
  account_id  = "123456789012"
  partition   = "aws"
  kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/k"
}

run "topic_is_encrypted_and_has_no_subscribers_by_default" {
  command = apply

  assert {
    condition     = aws_sns_topic.this.kms_master_key_id == var.kms_key_arn
    error_message = "The topic must be encrypted with the key."
  }

  assert {
    condition     = length(aws_sns_topic_subscription.email) == 0 && length(aws_chatbot_slack_channel_configuration.this) == 0
    error_message = "Nobody is subscribed unasked."
  }
}

run "address_and_channel_are_subscribed" {
  command = apply

  variables {
    emails = ["quality@hospital.example"]
    slack  = { name = "metriccare_all_slack_dev", team_id = "T0123ABCD", channel_id = "C0123ABCD" }
  }

  assert {
    condition     = aws_sns_topic_subscription.email["quality@hospital.example"].protocol == "email"
    error_message = "The address must be subscribed."
  }

  assert {
    condition     = one(aws_chatbot_slack_channel_configuration.this[0].guardrail_policy_arns) == "arn:aws:iam::aws:policy/AWSDenyAll"
    error_message = "Whoever writes in the channel may do nothing."
  }
}

run "wrong_address_is_refused" {
  command = plan

  variables {
    emails = ["quality"]
  }

  expect_failures = [var.emails]
}

run "wrong_channel_is_refused" {
  command = plan

  variables {
    slack = { name = "metriccare_all_slack_dev", team_id = "hospital", channel_id = "#alerts" }
  }

  expect_failures = [var.slack]
}
