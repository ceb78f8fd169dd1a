mock_provider "aws" {
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/metriccare_bronze_job_dev" }
  }
}

variables {
  name                   = "metriccare_bronze_job_dev"
  description            = "test"
  account_id             = "123456789012"
  script_location        = "s3://scripts/code/0123456789abcdef/run_notebook.py"
  code_bucket_arn        = "arn:aws:s3:::scripts"
  arguments              = { "--notebook" = "s3://scripts/code/0123456789abcdef/02_bronze.ipynb" }
  spark_conf             = "spark.sql.session.timeZone=UTC"
  security_configuration = "metriccare_all_security_dev"
  kms_key_arn            = "arn:aws:kms:us-east-1:123456789012:key/k"
  log_retention_days     = 30
  metric_namespace       = "MetricCare"
  statements             = []
}

run "one_run_at_a_time_with_hudi" {
  command = apply

  assert {
    condition     = aws_glue_job.this.execution_property[0].max_concurrent_runs == 1
    error_message = "A job must not run twice at once."
  }

  assert {
    condition = alltrue([
      for name in ["--enable-auto-scaling", "--enable-continuous-cloudwatch-log", "--enable-glue-datacatalog"] :
      aws_glue_job.this.default_arguments[name] == "true"
    ])
    error_message = "Auto scaling, continuous logs and the catalog must be on."
  }

  assert {
    condition     = alltrue([for name in keys(aws_glue_job.this.default_arguments) : !strcontains(name, "metrics")])
    error_message = "Glue's own metrics need a GlueContext, which the script has not; with one they cost by the run."
  }

  assert {
    condition     = aws_glue_job.this.default_arguments["--datalake-formats"] == "hudi" && aws_glue_job.this.default_arguments["--notebook"] == var.arguments["--notebook"]
    error_message = "Hudi and the job's own arguments must be there."
  }

  assert {
    condition     = output.log_groups["error"] == "/aws-glue/jobs/metriccare_all_security_dev-role/metriccare_bronze_job_dev/error"
    error_message = "The log group must be the one that Glue writes to."
  }
}

run "glue_4_is_refused" {
  command = plan

  variables {
    glue_version = "4.0"
  }

  expect_failures = [var.glue_version]
}

run "argument_without_dashes_is_refused" {
  command = plan

  variables {
    arguments = { notebook = "x" }
  }

  expect_failures = [var.arguments]
}

run "single_worker_is_refused" {
  command = plan

  variables {
    max_workers = 1
  }

  expect_failures = [var.max_workers]
}
