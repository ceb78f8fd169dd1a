variable "name" {
  description = "Name of the role."
  type        = string
}

variable "account_id" {
  description = "Account whose sessions may use the role."
  type        = string
}

variable "code_bucket_arn" {
  description = "Bucket with the wheels that a session installs."
  type        = string
}

variable "security_configuration" {
  description = "Glue security configuration of the sessions; part of the names of their log groups."
  type        = string
}

variable "kms_key_arn" {
  description = "Key that encrypts what a session reads, writes and logs."
  type        = string
}

variable "log_retention_days" {
  description = "Days for which logs are kept."
  type        = number
}

variable "statements" {
  description = "What the notebooks need: actions on resources; see the module iam_role."
  type = list(object({
    sid        = string
    actions    = list(string)
    resources  = list(string)
    conditions = optional(map(map(list(string))))
  }))
}

variable "permissions_boundary" {
  description = "ARN of the role's permissions boundary; null for none."
  type        = string
  default     = null
}
