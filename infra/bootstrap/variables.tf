variable "repository" {
  description = "Repository on GitHub whose workflows may take the roles, as owner/name."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$", var.repository))
    error_message = "repository is owner/name, without wildcards."
  }
}

variable "create_oidc_provider" {
  description = "False if the account has GitHub's OIDC provider already: there can be only one."
  type        = bool
  default     = true
}
