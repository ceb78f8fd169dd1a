variable "name" {
  description = "Name of the table."
  type        = string
}

variable "kms_key_arn" {
  description = "Key that encrypts the table."
  type        = string
}

variable "deletion_protection" {
  description = "True if the table cannot be deleted until this is set to false."
  type        = bool
  default     = true
}
