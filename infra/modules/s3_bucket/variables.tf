variable "name" {
  description = "Name of the bucket; unique in the world, hence with the account's number."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.name))
    error_message = "The name of a bucket has 3 to 63 characters: small letters, digits and hyphens."
  }
}

variable "account_id" {
  description = "Account that the bucket belongs to."
  type        = string
}

variable "takes_access_logs" {
  description = "True for the bucket that takes the access logs of the others."
  type        = bool
  default     = false
}

variable "access_log_bucket" {
  description = "Bucket for the access logs; needed unless this is that bucket."
  type        = string
  default     = null

  validation {
    condition     = var.takes_access_logs || var.access_log_bucket != null
    error_message = "Name the access_log_bucket, or set takes_access_logs for the bucket that takes them."
  }
}

variable "kms_key_arn" {
  description = "Key that encrypts the objects; needed unless the bucket takes access logs."
  type        = string
  default     = null

  validation {
    condition     = var.takes_access_logs || var.kms_key_arn != null
    error_message = "Name the kms_key_arn: only the bucket of access logs goes without."
  }
}

variable "noncurrent_days" {
  description = "Days after which a replaced or deleted version is removed for good."
  type        = number
  default     = 30

  validation {
    condition     = var.noncurrent_days >= 1
    error_message = "noncurrent_days must be at least 1."
  }
}

variable "expiration_days" {
  description = "Days after which objects end, by prefix; an empty map keeps all."
  type        = map(number)
  default     = {}

  validation {
    condition     = alltrue([for days in values(var.expiration_days) : days >= 1])
    error_message = "An object lives at least one day."
  }
}

variable "force_destroy" {
  description = "True if destroying the bucket destroys what is in it."
  type        = bool
  default     = false
}

variable "notification" {
  description = "Queue that hears of each new object under a prefix; null for none."
  type = object({
    queue_arn = string
    prefix    = string
  })
  default = null
}
