variable "environment" {
  description = "Environment, used as the dimension of the project's own metrics."
  type        = string
}

variable "region" {
  description = "Region of the metrics."
  type        = string
}

variable "dashboard_name" {
  description = "Name of the dashboard."
  type        = string
}

variable "alarm_names" {
  description = "Names of the alarms."
  type = object({
    job_failed      = string
    no_success      = string
    dead_letters    = string
    function_errors = string
    quarantine      = string
    backlog         = string
    freshness       = string
  })
}

variable "topic_arns" {
  description = "Topics to send alarms to."
  type        = list(string)
}

variable "metric_namespace" {
  description = "Namespace of the project's own metrics, which metrics.tf lists."
  type        = string
}

variable "finished_rule" {
  description = "Rule that matches each successful run."
  type        = string
}

variable "failed_rule" {
  description = "Rule that matches each failed job."
  type        = string
}

variable "stages" {
  description = "The stages, in their order: bronze, silver, gold."
  type        = list(string)
}

variable "max_workers" {
  description = "Maximum number of workers of a job."
  type        = number
}

variable "dpu_per_worker" {
  description = "DPU of one worker: 1 for G.1X, 2 for G.2X."
  type        = number
  default     = 1
}

variable "queue" {
  description = "Name of the upload queue."
  type        = string
}

variable "dead_letter_queue" {
  description = "Name of the dead-letter queue."
  type        = string
}

variable "function_name" {
  description = "Name of the function."
  type        = string
}

variable "hours_without_success" {
  description = "Raise the alarm after this many hours without a successful run."
  type        = number

  validation {
    condition     = var.hours_without_success >= 1 && var.hours_without_success <= 168 && floor(var.hours_without_success) == var.hours_without_success
    error_message = "hours_without_success must be a whole number from 1 to 168: an alarm can look back at most seven days."
  }
}

variable "quarantine_percent" {
  description = "Raise the alarm above this share of quarantined records, in percent."
  type        = number

  validation {
    condition     = var.quarantine_percent >= 0 && var.quarantine_percent < 100
    error_message = "quarantine_percent must be at least 0 and less than 100."
  }
}

variable "freshness_hours" {
  description = "Raise the alarm when a source has sent no file for this many hours."
  type        = number

  validation {
    condition     = var.freshness_hours > 0
    error_message = "freshness_hours must be more than 0."
  }
}

variable "backlog_hours" {
  description = "Raise the alarm when a file has been waiting in the ledger for this many hours."
  type        = number

  validation {
    condition     = var.backlog_hours > 0
    error_message = "backlog_hours must be more than 0."
  }
}
