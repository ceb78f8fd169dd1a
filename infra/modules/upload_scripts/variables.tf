variable "bucket" {
  description = "Bucket that takes the files."
  type        = string
}

variable "prefix" {
  description = "Beginning of the keys, without a slash at the end."
  type        = string
  default     = "code"

  validation {
    condition     = !startswith(var.prefix, "/") && !endswith(var.prefix, "/")
    error_message = "The prefix has no slash at its ends, e.g. code."
  }
}

variable "files" {
  description = "Local paths of the files, by the name they are asked for with."
  type        = map(string)

  validation {
    condition     = alltrue([for path in values(var.files) : fileexists(path)])
    error_message = "A file to upload is not there. Build the package and the Lambda's archive first: see infra/README.md."
  }
}

variable "kms_key_arn" {
  description = "Key that encrypts the objects."
  type        = string
}
