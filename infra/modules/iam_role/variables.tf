variable "name" {
  description = "Name of the role: that of the function it serves."
  type        = string

  validation {
    condition     = length(var.name) <= 64
    error_message = "The name of a role has at most 64 characters."
  }
}

variable "description" {
  description = "What the role is for."
  type        = string
}

variable "service" {
  description = "Service that takes the role, e.g. glue.amazonaws.com; null if people of the account take it."
  type        = string
  default     = null
}

variable "account_arn" {
  description = "ARN of the account whose people may take the role, where their own policies allow it; used if service is null."
  type        = string
  default     = null
}

variable "source_account" {
  description = "Account for which alone the service may take the role; null where the service does not say."
  type        = string
  default     = null
}

variable "has_statements" {
  description = "False for a role that is allowed nothing by a policy of its own."
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
    error_message = "Name each action: a role of MetricCare has no wildcard action."
  }

  validation {
    condition = alltrue([
      for statement in var.statements : !contains(statement.resources, "*") || (
        statement.actions == tolist(["cloudwatch:PutMetricData"]) &&
        try(length(statement.conditions["StringEquals"]["cloudwatch:namespace"]) > 0, false)
      )
    ])
    error_message = "Name each resource. Only cloudwatch:PutMetricData knows none, and must be held to its namespaces."
  }
}

variable "policy_arns" {
  description = "Policies that are attached besides, by a name of their own."
  type        = map(string)
  default     = {}
}

variable "permissions_boundary" {
  description = "ARN of the policy that bounds the role; null for none."
  type        = string
  default     = null
}
