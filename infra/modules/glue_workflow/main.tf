# Runs the jobs in sequence: the first on demand, each of the others when the one before it has succeeded.

resource "aws_glue_workflow" "this" {
  name                = var.name
  description         = var.description
  max_concurrent_runs = 1
}

resource "aws_glue_trigger" "start" {
  name          = var.stages[0].trigger_name
  description   = "Starts a run of the workflow"
  type          = "ON_DEMAND"
  workflow_name = aws_glue_workflow.this.name

  # True would start the job whenever Terraform creates the trigger. An on-demand trigger does not need it.
  enabled = false

  actions {
    job_name = var.stages[0].job_name
  }
}

resource "aws_glue_trigger" "next" {
  for_each = local.following

  name              = each.value.trigger_name
  description       = "After ${each.key}"
  type              = "CONDITIONAL"
  workflow_name     = aws_glue_workflow.this.name
  enabled           = true
  start_on_creation = true

  predicate {
    conditions {
      job_name = each.key
      state    = "SUCCEEDED"
    }
  }

  actions {
    job_name = each.value.job_name
  }
}

locals {
  # The next stage, by the name of the job it waits for.
  following = {
    for position, stage in slice(var.stages, 1, length(var.stages)) : var.stages[position].job_name => stage
  }
}
