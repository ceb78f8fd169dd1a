variable "name" {
  description = "Name of the function and of its role."
  type        = string
}

variable "description" {
  description = "What the function does."
  type        = string
}

variable "code_bucket" {
  description = "Bucket with the code archive."
  type        = string
}

variable "code_key" {
  description = "Key of the archive; different content has a different key."
  type        = string
}

variable "runtime" {
  description = "Python runtime of the function: the newest that Lambda and the package both have."
  type        = string
  default     = "python3.13"

  validation {
    condition     = can(regex("^python3\\.[0-9]+$", var.runtime))
    error_message = "The function is written in Python: use a runtime such as python3.13."
  }
}

variable "handler" {
  description = "Module and function to call."
  type        = string
  default     = "handler.handle"
}

variable "environment" {
  description = "Environment variables of the function."
  type        = map(string)
}

variable "timeout_seconds" {
  description = "Timeout of an invocation, in seconds."
  type        = number
  default     = 60

  validation {
    condition     = var.timeout_seconds >= 1 && var.timeout_seconds <= 900
    error_message = "timeout_seconds must be between 1 and 900, Lambda's maximum."
  }
}

variable "memory_mb" {
  description = "Memory of the function."
  type        = number
  default     = 256
}

variable "queue_arn" {
  description = "Queue whose messages the function receives."
  type        = string
}

variable "batch_size" {
  description = "Maximum number of messages per invocation."
  type        = number
  default     = 500

  validation {
    condition     = var.batch_size >= 1 && var.batch_size <= 10000
    error_message = "batch_size must be between 1 and 10000."
  }
}

variable "batching_window_seconds" {
  description = "Seconds to batch messages for one invocation, so that a delivery of many files starts one run."
  type        = number
  default     = 60

  validation {
    condition     = var.batching_window_seconds >= 1 && var.batching_window_seconds <= 300
    error_message = "batching_window_seconds must be between 1 and 300: a batch of more than 10 messages needs a window."
  }
}

variable "maximum_concurrency" {
  description = "Maximum number of concurrent invocations from the queue."
  type        = number
  default     = 2

  validation {
    condition     = var.maximum_concurrency >= 2
    error_message = "maximum_concurrency must be at least 2, Lambda's minimum."
  }
}

variable "kms_key_arn" {
  description = "Key that encrypts the environment variables, the log, and what the function reads."
  type        = string
}

variable "log_retention_days" {
  description = "Retention of the log, in days."
  type        = number
}

variable "statements" {
  description = "What the function may do besides receiving its messages and writing its log; see the module iam_role."
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
