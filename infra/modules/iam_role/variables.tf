variable "name" {
  description = "Name of the role, which is that of the job or function it serves."
  type        = string

  validation {
    condition     = length(var.name) <= 64
    error_message = "A role name can have at most 64 characters."
  }
}

variable "description" {
  description = "What the role is for."
  type        = string
}

variable "service" {
  description = "Service that assumes the role, e.g. glue.amazonaws.com; null if people in the account assume it."
  type        = string
  default     = null
}

variable "account_arn" {
  description = "ARN of the account whose people may assume the role if their own policies allow it; used if service is null."
  type        = string
  default     = null
}

variable "source_account" {
  description = "The only account for which the service may assume the role; null if the service does not send it."
  type        = string
  default     = null
}

variable "has_statements" {
  description = "False for a role without a policy of its own."
  type        = bool
  default     = true
}

variable "statements" {
  description = "What the role may do: actions on resources, under conditions (operator, key, values)."
  type = list(object({
    sid        = string
    actions    = list(string)
    resources  = list(string)
    conditions = optional(map(map(list(string))))
  }))
  default = []

  validation {
    condition     = alltrue([for statement in var.statements : alltrue([for action in statement.actions : !strcontains(action, "*")])])
    error_message = "Name each action: MetricCare roles have no wildcard actions."
  }

  validation {
    condition = alltrue([
      for statement in var.statements : !contains(statement.resources, "*") || (
        statement.actions == tolist(["cloudwatch:PutMetricData"]) &&
        try(length(statement.conditions["StringEquals"]["cloudwatch:namespace"]) > 0, false)
      )
    ])
    error_message = "Name each resource. Only cloudwatch:PutMetricData has none, and must be limited to namespaces."
  }
}

variable "policy_arns" {
  description = "Additional policies to attach, by an arbitrary name."
  type        = map(string)
  default     = {}
}

variable "permissions_boundary" {
  description = "ARN of the role's permissions boundary; null for none."
  type        = string
  default     = null
}
