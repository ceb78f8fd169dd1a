variable "name" {
  description = "Name of the workflow."
  type        = string
}

variable "description" {
  description = "What the workflow does."
  type        = string
}

variable "stages" {
  description = "The jobs in order, each with the name of the trigger that starts it."
  type = list(object({
    job_name     = string
    trigger_name = string
  }))

  validation {
    condition     = length(var.stages) >= 1
    error_message = "A workflow needs at least one job."
  }

  validation {
    condition     = length(distinct(var.stages[*].job_name)) == length(var.stages)
    error_message = "Each job can be in the workflow only once."
  }
}
