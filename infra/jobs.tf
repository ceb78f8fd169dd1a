# What each job runs, and with which arguments.

locals {
  order = local.layer_order

  layers = {
    bronze = { notebook = "02_bronze.ipynb", description = "Every record as received" }
    silver = { notebook = "03_silver.ipynb", description = "Current resources and inpatient stays" }
    gold   = { notebook = "04_gold.ipynb", description = "Decisions and measures" }
  }

  raw_prefix       = "fhir_data/json/"
  lake_name        = "metriccare_${local.env}"
  ledger_url       = "dynamodb://${local.names.ledger}?lake=${local.lake_name}"
  metric_namespace = "MetricCare"
  dpu_per_worker   = { "G.1X" = 1, "G.2X" = 2, "G.4X" = 4, "G.8X" = 8 }

  # The same as in the notebooks' %%configure cells.
  spark_conf = join(" --conf ", [
    "spark.serializer=org.apache.spark.serializer.KryoSerializer",
    "spark.sql.extensions=org.apache.spark.sql.hudi.HoodieSparkSessionExtension",
    "spark.sql.session.timeZone=UTC",
  ])

  common_arguments = {
    "--lake"        = "s3://${local.buckets.lake}"
    "--ledger_url"  = local.ledger_url
    "--engine"      = var.engine
    "--environment" = local.env

    "--additional-python-modules"       = module.code.urls["python_modules"]
    "--python-modules-installer-option" = "--no-index"
  }

  own_arguments = {
    bronze = { "--raw" = "s3://${local.buckets.raw}/${local.raw_prefix}" }
    silver = { "--max_quarantined" = tostring(var.max_quarantined) }
    gold = merge(
      { "--sns_topic" = module.alerts.arn, "--freshness_hours" = tostring(var.freshness_hours) },
      { for topic in module.chat_alerts[*].arn : "--slack_topic" => topic },
    )
  }

  job_arguments = {
    for layer, job in local.layers : layer => merge(local.common_arguments, local.own_arguments[layer], {
      "--notebook"         = module.code.urls[job.notebook]
      "--catalog_database" = local.names.databases[layer]
    })
  }
}

# Files to upload, by the names used to refer to them.
locals {
  root = "${path.root}/.."

  files = merge(
    {
      "run_notebook.py"     = "${local.root}/glue_job/run_notebook.py"
      "python_modules"      = local.python_modules
      "lambda_function.zip" = coalesce(var.lambda_archive, "${local.root}/dist/lambda_function.zip")
    },
    { for layer, job in local.layers : job.notebook => "${local.root}/notebooks/${job.notebook}" },
  )

  built          = fileset("${local.root}/dist", "*.gluewheels.zip")
  python_modules = coalesce(var.python_modules, "${local.root}/dist/${length(local.built) == 1 ? one(local.built) : "one.gluewheels.zip"}")
}
