variable "name" {
  description = "Name of the security configuration; it is part of the names of the jobs' log groups."
  type        = string
}

variable "kms_key_arn" {
  description = "Key that encrypts objects, logs and bookmarks."
  type        = string
}
