variable "environment" {
  description = "Environment that messages name."
  type        = string
}

variable "region" {
  description = "Region, for the links to the logs."
  type        = string
}

variable "schedules" {
  description = "Rules by the clock, each with its name and expression (cron or rate, in UTC); without expression there is no rule."
  type = map(object({
    name       = string
    expression = string
  }))

  validation {
    condition = alltrue([
      for schedule in values(var.schedules) :
      schedule.expression == null || can(regex("^(cron|rate)\\(.+\\)$", schedule.expression))
    ])
    error_message = "A schedule is cron(0 5 * * ? *), rate(1 hour), or null for none."
  }
}

variable "finished_rule_name" {
  description = "Name of the rule for the end of a run."
  type        = string
}

variable "failed_rule_name" {
  description = "Name of the rule for a job that failed."
  type        = string
}

variable "function_name" {
  description = "Function that looks for waiting files."
  type        = string
}

variable "function_arn" {
  description = "ARN of that function."
  type        = string
}

variable "topic_arn" {
  description = "Topic that hears of failures."
  type        = string
}

variable "jobs" {
  description = "Names of the jobs that are watched."
  type        = list(string)

  validation {
    condition     = length(var.jobs) >= 1
    error_message = "Name the jobs to watch."
  }
}

variable "last_job" {
  description = "Name of the job whose success ends a run."
  type        = string
}

variable "security_configuration" {
  description = "Security configuration of the jobs, which is part of the names of their log groups."
  type        = string
}
