variable "name" {
  description = "Name of the bucket; globally unique, so it contains the account id."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.name))
    error_message = "A bucket name must have 3 to 63 characters: lowercase letters, digits and hyphens."
  }
}

variable "account_id" {
  description = "Account that owns the bucket."
  type        = string
}

variable "takes_access_logs" {
  description = "True for the bucket that receives the access logs of the others."
  type        = bool
  default     = false
}

variable "access_log_bucket" {
  description = "Bucket for the access logs; required unless this is that bucket."
  type        = string
  default     = null

  validation {
    condition     = var.takes_access_logs || var.access_log_bucket != null
    error_message = "Set access_log_bucket, or takes_access_logs for the bucket that receives them."
  }
}

variable "kms_key_arn" {
  description = "Key that encrypts the objects; required unless the bucket receives access logs."
  type        = string
  default     = null

  validation {
    condition     = var.takes_access_logs || var.kms_key_arn != null
    error_message = "Set kms_key_arn: only the access log bucket works without it."
  }
}

variable "noncurrent_days" {
  description = "Days after which a replaced or deleted version is permanently removed."
  type        = number
  default     = 30

  validation {
    condition     = var.noncurrent_days >= 1
    error_message = "noncurrent_days must be at least 1."
  }
}

variable "expiration_days" {
  description = "Days after which objects expire, by prefix; an empty map keeps everything."
  type        = map(number)
  default     = {}

  validation {
    condition     = alltrue([for days in values(var.expiration_days) : days >= 1])
    error_message = "Objects can expire after one day at the earliest."
  }
}

variable "force_destroy" {
  description = "True if destroying the bucket also destroys its contents."
  type        = bool
  default     = false
}

variable "notification" {
  description = "Queue to notify of each new object under a prefix; null for none."
  type = object({
    queue_arn = string
    prefix    = string
  })
  default = null
}
