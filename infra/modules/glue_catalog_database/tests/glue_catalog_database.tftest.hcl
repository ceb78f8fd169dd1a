mock_provider "aws" {}

variables {
  name        = "metriccare_silver_dev"
  description = "test"
  location    = "s3://lake/silver/"
}

run "database_lies_where_the_layer_does" {
  command = plan

  assert {
    condition     = aws_glue_catalog_database.this.name == "metriccare_silver_dev" && aws_glue_catalog_database.this.location_uri == "s3://lake/silver/"
    error_message = "Name and location must be those given."
  }
}

run "hyphen_is_refused" {
  command = plan

  variables {
    name = "metriccare-silver"
  }

  expect_failures = [var.name]
}

run "local_folder_is_refused" {
  command = plan

  variables {
    location = "/data/silver"
  }

  expect_failures = [var.location]
}
