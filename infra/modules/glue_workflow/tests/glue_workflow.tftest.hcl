mock_provider "aws" {}

variables {
  name        = "metriccare_all_workflow_dev"
  description = "test"
  stages = [
    { job_name = "bronze", trigger_name = "start_bronze" },
    { job_name = "silver", trigger_name = "start_silver" },
    { job_name = "gold", trigger_name = "start_gold" },
  ]
}

run "jobs_run_in_a_row" {
  command = apply

  assert {
    condition     = aws_glue_workflow.this.max_concurrent_runs == 1
    error_message = "The workflow must not run twice at once."
  }

  assert {
    condition     = aws_glue_trigger.start.type == "ON_DEMAND" && aws_glue_trigger.start.enabled == false
    error_message = "The first trigger must wait for a run, not start one when it is created."
  }

  assert {
    condition     = aws_glue_trigger.next["bronze"].actions[0].job_name == "silver" && aws_glue_trigger.next["silver"].actions[0].job_name == "gold"
    error_message = "Silver follows bronze, gold follows silver."
  }

  assert {
    condition     = alltrue([for trigger in aws_glue_trigger.next : trigger.predicate[0].conditions[0].state == "SUCCEEDED" && trigger.enabled])
    error_message = "A job follows only success."
  }
}

run "repeated_job_is_refused" {
  command = plan

  variables {
    stages = [
      { job_name = "bronze", trigger_name = "one" },
      { job_name = "bronze", trigger_name = "two" },
    ]
  }

  expect_failures = [var.stages]
}
