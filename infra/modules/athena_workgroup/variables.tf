variable "name" {
  description = "Name of the workgroup."
  type        = string
}

variable "description" {
  description = "Who runs queries here, and on what."
  type        = string
}

variable "results_location" {
  description = "Location of the results, e.g. s3://bucket/readers/."
  type        = string

  validation {
    condition     = can(regex("^s3://[^/]+/.+/$", var.results_location))
    error_message = "results_location must be a prefix used by this group only, e.g. s3://bucket/readers/."
  }
}

variable "kms_key_arn" {
  description = "Key that encrypts the results."
  type        = string
}

variable "bytes_scanned_limit" {
  description = "Bytes a query may scan before it is stopped."
  type        = number
  default     = 10737418240

  validation {
    condition     = var.bytes_scanned_limit >= 10485760
    error_message = "bytes_scanned_limit must be at least 10485760 (10 MB), Athena's minimum."
  }
}

variable "force_destroy" {
  description = "True if the workgroup may be destroyed with its saved queries."
  type        = bool
  default     = false
}
