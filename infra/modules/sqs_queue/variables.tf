variable "name" {
  description = "Name of the queue."
  type        = string
}

variable "dead_letter_name" {
  description = "Name of the dead-letter queue."
  type        = string
}

variable "account_id" {
  description = "Account of the sending bucket."
  type        = string
}

variable "sender_bucket_arn" {
  description = "ARN of the sending bucket; it need not exist yet."
  type        = string
}

variable "kms_key_arn" {
  description = "Key that encrypts the messages."
  type        = string
}

variable "visibility_timeout_seconds" {
  description = "Seconds a message is hidden while it is being processed; for Lambda, six times its timeout plus the batching window."
  type        = number

  validation {
    condition     = var.visibility_timeout_seconds >= 30 && var.visibility_timeout_seconds <= 43200
    error_message = "visibility_timeout_seconds must be between 30 and 43200 (12 hours)."
  }
}

variable "retention_days" {
  description = "Days until an unprocessed message is dropped."
  type        = number
  default     = 14

  validation {
    condition     = var.retention_days >= 1 && var.retention_days <= 14
    error_message = "retention_days must be between 1 and 14, SQS's maximum."
  }
}

variable "max_receive_count" {
  description = "Number of attempts before a message goes to the dead-letter queue."
  type        = number
  default     = 5

  validation {
    condition     = var.max_receive_count >= 1
    error_message = "max_receive_count must be at least 1."
  }
}
