# --- Jobs ---------------------------------------------------------------------------------------

variable "glue_version" {
  description = "Version of Glue; 5.0 has Spark 3.5.4, Hudi 0.15.0 and Python 3.11."
  type        = string
  default     = "5.0"
}

variable "engine" {
  description = "How a job runs its notebook: papermill (in a kernel) or in_process (in the driver)."
  type        = string
  default     = "papermill"

  validation {
    condition     = contains(["papermill", "in_process"], var.engine)
    error_message = "engine must be papermill or in_process."
  }
}

variable "max_quarantined" {
  description = "Share of new records in quarantine above which silver fails, 0 to 1; 1 accepts any."
  type        = number
  default     = 1

  validation {
    condition     = var.max_quarantined >= 0 && var.max_quarantined <= 1
    error_message = "max_quarantined must be a share from 0 to 1."
  }
}

variable "worker_type" {
  description = "Size of the jobs' workers."
  type        = string
  default     = "G.1X"
}

variable "max_workers" {
  description = "Maximum number of workers of a job; null means 2 in dev and 10 in prod."
  type        = number
  default     = null
}

variable "job_timeout_minutes" {
  description = "Minutes after which a job is stopped."
  type        = number
  default     = 60
}

variable "job_retries" {
  description = "Number of retries of a failed job."
  type        = number
  default     = 1
}

variable "python_modules" {
  description = "Archive of the wheels that the jobs install; null uses the one in dist/."
  type        = string
  default     = null

  validation {
    condition     = var.python_modules == null || try(endswith(var.python_modules, ".gluewheels.zip"), false)
    error_message = "python_modules must be a .gluewheels.zip file: Glue knows the archive by this ending."
  }
}

# --- Intake -------------------------------------------------------------------------------------

variable "lambda_archive" {
  description = "Archive of the function's code; null uses dist/lambda_function.zip."
  type        = string
  default     = null
}

variable "batching_window_seconds" {
  description = "Seconds to batch uploads before the function is invoked."
  type        = number
  default     = 60
}

variable "intake_timeout_seconds" {
  description = "Timeout of the function, in seconds."
  type        = number
  default     = 60
}

# --- Schedules and alerts -----------------------------------------------------------------------

variable "daily_schedule" {
  description = "Daily check for waiting files, in UTC; null for none."
  type        = string
  default     = "cron(0 5 * * ? *)"
}

variable "hourly_schedule" {
  description = "Check for waiting files during the day; null for none."
  type        = string
  default     = "rate(1 hour)"
}

variable "alert_emails" {
  description = "E-mail addresses for success and failure messages."
  type        = set(string)
  default     = []
}

variable "slack" {
  description = "Slack workspace (T...) and channel (C...) for success and failure messages; null for none."
  type = object({
    team_id    = string
    channel_id = string
  })
  default = null
}

variable "hours_without_success" {
  description = "Raise the alarm after this many hours without a successful run."
  type        = number
  default     = 26
}

variable "quarantine_percent" {
  description = "Raise the alarm above this share of quarantined records, in percent."
  type        = number
  default     = 5
}

variable "backlog_hours" {
  description = "Raise the alarm when a file has been waiting in the ledger for this many hours."
  type        = number
  default     = 6
}

variable "freshness_hours" {
  description = "Raise the alarm when a source has sent no file for this many hours; the message after a run names it."
  type        = number
  default     = 48
}

# --- What is kept, and limits -------------------------------------------------------------------

variable "run_days" {
  description = "Days to keep executed notebooks in the lake."
  type        = number
  default     = 400
}

variable "query_result_days" {
  description = "Days to keep results of Athena queries."
  type        = number
  default     = 30
}

variable "access_log_days" {
  description = "Days to keep access logs of the buckets."
  type        = number
  default     = 365
}

variable "query_bytes_limit" {
  description = "Bytes an Athena query may scan before it is stopped."
  type        = number
  default     = 10737418240
}

variable "deletion_protection" {
  description = "True if nothing of the environment can be destroyed, false if it can be with all its data; null means true in prod only."
  type        = bool
  default     = null
}

variable "permissions_boundary" {
  description = "ARN of the permissions boundary for all roles, an output of bootstrap/; null for none."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary == null || can(regex("^arn:[a-z-]+:iam::[0-9]{12}:policy/", var.permissions_boundary))
    error_message = "permissions_boundary must be the ARN of a policy."
  }
}
