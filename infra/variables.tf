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
  description = "Share of new pieces in quarantine above which silver fails, 0 to 1; 1 takes any."
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
  description = "Workers of a job at most; null takes 2 in dev and 10 in prod."
  type        = number
  default     = null
}

variable "job_timeout_minutes" {
  description = "Minutes after which a job is ended."
  type        = number
  default     = 60
}

variable "job_retries" {
  description = "How often a failed job is tried again."
  type        = number
  default     = 1
}

variable "wheel" {
  description = "The package's wheel; null takes the one in dist/."
  type        = string
  default     = null

  validation {
    condition     = var.wheel == null || try(endswith(var.wheel, ".whl"), false)
    error_message = "wheel must be a file that ends in .whl."
  }
}

variable "requirements" {
  description = "File of pinned requirements of the jobs, a line each; null takes glue_job/requirements.txt."
  type        = string
  default     = null
}

# --- Intake -------------------------------------------------------------------------------------

variable "lambda_archive" {
  description = "Archive of the function's code; null takes dist/lambda_function.zip."
  type        = string
  default     = null
}

variable "batching_window_seconds" {
  description = "Seconds that uploads are gathered before the function is called."
  type        = number
  default     = 60
}

variable "intake_timeout_seconds" {
  description = "Seconds after which a call of the function is ended."
  type        = number
  default     = 60
}

# --- Schedules and alerts -----------------------------------------------------------------------

variable "daily_schedule" {
  description = "When the ledger is swept once a day, in UTC; null for never."
  type        = string
  default     = "cron(0 5 * * ? *)"
}

variable "hourly_schedule" {
  description = "When the ledger is swept through the day; null for never."
  type        = string
  default     = "rate(1 hour)"
}

variable "alert_emails" {
  description = "Addresses that hear of success and failure."
  type        = set(string)
  default     = []
}

variable "slack" {
  description = "Slack workspace (T...) and channel (C...) that hear of success and failure; null for none."
  type = object({
    team_id    = string
    channel_id = string
  })
  default = null
}

variable "hours_without_success" {
  description = "Hours without a successful run that call somebody."
  type        = number
  default     = 26
}

variable "quarantine_percent" {
  description = "Share of quarantined records, in percent, that calls somebody."
  type        = number
  default     = 5
}

variable "backlog_hours" {
  description = "Hours a file waits in the ledger before somebody is called."
  type        = number
  default     = 6
}

# --- What is kept, and limits -------------------------------------------------------------------

variable "run_days" {
  description = "Days that executed notebooks are kept in the lake."
  type        = number
  default     = 400
}

variable "query_result_days" {
  description = "Days that results of Athena queries are kept."
  type        = number
  default     = 30
}

variable "access_log_days" {
  description = "Days that access logs of the buckets are kept."
  type        = number
  default     = 365
}

variable "query_bytes_limit" {
  description = "Bytes that an Athena query may read before it is stopped."
  type        = number
  default     = 10737418240
}

variable "permissions_boundary" {
  description = "ARN of the policy that bounds all roles, an output of bootstrap/; null for none."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary == null || can(regex("^arn:[a-z-]+:iam::[0-9]{12}:policy/", var.permissions_boundary))
    error_message = "permissions_boundary must be the ARN of a policy."
  }
}
