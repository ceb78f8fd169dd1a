variable "name" {
  description = "Name of the key's alias, without alias/."
  type        = string
}

variable "description" {
  description = "What the key protects."
  type        = string
}

variable "account_id" {
  description = "Account that owns the key."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "account_id must be the 12 digits of an AWS account."
  }
}

variable "partition" {
  description = "AWS partition: aws, aws-cn or aws-us-gov."
  type        = string
}

variable "region" {
  description = "Region of the key."
  type        = string
}

variable "deletion_window_days" {
  description = "Days between scheduling the key's deletion and losing everything it protects."
  type        = number
  default     = 30

  validation {
    condition     = var.deletion_window_days >= 7 && var.deletion_window_days <= 30
    error_message = "deletion_window_days must be between 7 and 30, as KMS requires."
  }
}

variable "deployer_arns" {
  description = "ARNs of the roles that apply Terraform with this key; they may use and administer it from its first second."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for arn in var.deployer_arns : can(regex("^arn:[a-z-]+:iam::[0-9]{12}:role/[A-Za-z0-9_]+$", arn))])
    error_message = "deployer_arns must be ARNs of roles, without wildcards."
  }
}

variable "senders" {
  description = "Services that send to queues and topics encrypted with this key, e.g. s3.amazonaws.com."
  type        = list(string)
  default     = []
}

variable "encrypts_logs" {
  description = "True if CloudWatch Logs encrypts log groups with this key."
  type        = bool
  default     = false
}
