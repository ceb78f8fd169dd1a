variable "name" {
  description = "Name of the topic."
  type        = string
}

variable "account_id" {
  description = "Account whose alarms may publish."
  type        = string
}

variable "partition" {
  description = "AWS partition: aws, aws-cn or aws-us-gov."
  type        = string
}

variable "kms_key_arn" {
  description = "Key that encrypts the messages."
  type        = string
}

variable "emails" {
  description = "E-mail addresses that receive every message; each must confirm once."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for email in var.emails : can(regex("^[^@\\s]+@[^@\\s]+$", email))])
    error_message = "An address must look like quality@hospital.example."
  }
}

variable "slack" {
  description = "Slack channel that receives every message: a name for the configuration, the workspace (T...) and the channel (C...); null for none."
  type = object({
    name       = string
    team_id    = string
    channel_id = string
  })
  default = null

  validation {
    condition     = var.slack == null || can(regex("^T[A-Z0-9]+$", var.slack.team_id)) && can(regex("^[CG][A-Z0-9]+$", var.slack.channel_id))
    error_message = "Slack ids must look like T0123ABCD (team_id) and C0123ABCD (channel_id)."
  }
}

variable "permissions_boundary" {
  description = "ARN of the role's permissions boundary; null for none."
  type        = string
  default     = null
}
