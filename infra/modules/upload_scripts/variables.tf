variable "bucket" {
  description = "Bucket for the files."
  type        = string
}

variable "prefix" {
  description = "Prefix of the keys, without a trailing slash."
  type        = string
  default     = "code"

  validation {
    condition     = !startswith(var.prefix, "/") && !endswith(var.prefix, "/")
    error_message = "The prefix must not begin or end with a slash, e.g. code."
  }
}

variable "files" {
  description = "Local paths of the files, by the names used to refer to them."
  type        = map(string)

  validation {
    condition     = alltrue([for path in values(var.files) : fileexists(path)])
    error_message = "A file to upload is missing: run `make package` in the project's folder, which builds the Python modules of the jobs and the Lambda archive."
  }
}

variable "kms_key_arn" {
  description = "Key that encrypts the objects."
  type        = string
}
