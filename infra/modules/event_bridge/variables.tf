variable "environment" {
  description = "Environment, for the messages."
  type        = string
}

variable "region" {
  description = "Region, for the links to the logs."
  type        = string
}

variable "schedules" {
  description = "Scheduled rules, each with a name and an expression (cron or rate, in UTC); without an expression there is no rule."
  type = map(object({
    name       = string
    expression = string
  }))

  validation {
    condition = alltrue([
      for schedule in values(var.schedules) :
      schedule.expression == null || can(regex("^(cron|rate)\\(.+\\)$", schedule.expression))
    ])
    error_message = "A schedule must be like cron(0 5 * * ? *) or rate(1 hour), or null for none."
  }
}

variable "finished_rule_name" {
  description = "Name of the rule for finished runs."
  type        = string
}

variable "failed_rule_name" {
  description = "Name of the rule for failed jobs."
  type        = string
}

variable "function_name" {
  description = "Function that checks for waiting files."
  type        = string
}

variable "function_arn" {
  description = "ARN of that function."
  type        = string
}

variable "topic_arn" {
  description = "Topic to report failures to."
  type        = string
}

variable "chat_topic" {
  description = "Topic of a chat channel to report failures to, in the schema it takes; null for none."
  type        = object({ arn = string })
  default     = null
}

variable "job_retries" {
  description = "How often Glue tries a failed job again, for the message."
  type        = number
  default     = 1
}

variable "jobs" {
  description = "Names of the jobs to watch."
  type        = list(string)

  validation {
    condition     = length(var.jobs) >= 1
    error_message = "Name at least one job to watch."
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
