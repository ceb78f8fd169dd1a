variable "name" {
  description = "Name of the database."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9_]+$", var.name))
    error_message = "Athena and Hive only allow lowercase letters, digits and underscores in a database name."
  }
}

variable "description" {
  description = "What the layer contains."
  type        = string
}

variable "location" {
  description = "Location of the layer's tables, e.g. s3://bucket/silver/."
  type        = string

  validation {
    condition     = can(regex("^s3://[^/]+/.*/$", var.location))
    error_message = "location must be an S3 prefix with a trailing slash, e.g. s3://bucket/silver/."
  }
}
