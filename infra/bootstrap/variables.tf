variable "repository" {
  description = "GitHub repository whose workflows may assume the roles, as owner/name."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$", var.repository))
    error_message = "repository must be owner/name, without wildcards."
  }
}

variable "create_oidc_provider" {
  description = "False if the account already has GitHub's OIDC provider: there can be only one."
  type        = bool
  default     = true
}

variable "force_destroy" {
  description = "True if destroying bootstrap also destroys all states and their old versions; to be applied first."
  type        = bool
  default     = false
}

variable "create_default_database" {
  description = "False if the account's Glue Catalog already has the database `default` in this region."
  type        = bool
  default     = true
}
