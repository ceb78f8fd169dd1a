variable "name" {
  description = "Name of the job and of its role."
  type        = string
}

variable "description" {
  description = "What the job does."
  type        = string
}

variable "account_id" {
  description = "Account of the job."
  type        = string
}

variable "script_location" {
  description = "URL of the script that the job runs."
  type        = string

  validation {
    condition     = startswith(var.script_location, "s3://")
    error_message = "Glue reads its script from S3: s3://bucket/key."
  }
}

variable "code_bucket_arn" {
  description = "Bucket with the script, the notebook and the wheel."
  type        = string
}

variable "arguments" {
  description = "Arguments of the script, by name including --."
  type        = map(string)

  validation {
    condition     = alltrue([for name in keys(var.arguments) : startswith(name, "--")])
    error_message = "Argument names must begin with --."
  }
}

variable "spark_conf" {
  description = "Spark settings in Glue's format: a=b --conf c=d."
  type        = string
}

variable "glue_version" {
  description = "Version of Glue; 5.0 has Spark 3.5.4, Hudi 0.15.0 and Python 3.11."
  type        = string
  default     = "5.0"

  validation {
    condition     = can(regex("^5\\.[0-9]$", var.glue_version))
    error_message = "The package is built for Spark and Python in Glue 5: use e.g. 5.0."
  }
}

variable "worker_type" {
  description = "Size of a worker."
  type        = string
  default     = "G.1X"

  validation {
    condition     = contains(["G.1X", "G.2X", "G.4X", "G.8X"], var.worker_type)
    error_message = "worker_type must be G.1X, G.2X, G.4X or G.8X."
  }
}

variable "max_workers" {
  description = "Maximum number of workers; auto scaling uses as many as are useful."
  type        = number
  default     = 2

  validation {
    condition     = var.max_workers >= 2
    error_message = "max_workers must be at least 2: the driver is one of them."
  }
}

variable "timeout_minutes" {
  description = "Minutes after which a run is stopped as TIMEOUT."
  type        = number
  default     = 60

  validation {
    condition     = var.timeout_minutes >= 1 && var.timeout_minutes <= 480
    error_message = "timeout_minutes must be between 1 and 480."
  }
}

variable "retries" {
  description = "Number of retries of a failed run. Runs can be repeated without counting anything twice."
  type        = number
  default     = 1

  validation {
    condition     = var.retries >= 0 && var.retries <= 10
    error_message = "retries must be between 0 and 10."
  }
}

variable "security_configuration" {
  description = "Name of the security configuration."
  type        = string
}

variable "kms_key_arn" {
  description = "Key for everything the job reads and writes."
  type        = string
}

variable "log_retention_days" {
  description = "Retention of the logs, in days."
  type        = number
}

variable "metric_namespace" {
  description = "Namespace of the metrics that the job publishes itself."
  type        = string
}

variable "statements" {
  description = "What the job may do besides reading its code and writing logs and metrics; see the module iam_role."
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
