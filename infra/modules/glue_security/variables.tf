variable "name" {
  description = "Name of the security configuration; the names of the jobs' log groups hold it."
  type        = string
}

variable "kms_key_arn" {
  description = "Key that encrypts objects, logs and bookmarks."
  type        = string
}
