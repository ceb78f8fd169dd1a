variable "name" {
  description = "Name of the database."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9_]+$", var.name))
    error_message = "Athena and Hive want small letters, digits and underscores in the name of a database."
  }
}

variable "description" {
  description = "What the layer holds."
  type        = string
}

variable "location" {
  description = "Where the layer's tables lie, e.g. s3://bucket/silver/."
  type        = string

  validation {
    condition     = can(regex("^s3://[^/]+/.*/$", var.location))
    error_message = "location must be an S3 prefix with a slash at its end, e.g. s3://bucket/silver/."
  }
}
