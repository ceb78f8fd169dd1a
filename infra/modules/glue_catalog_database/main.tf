# The database of one layer. Its tables are written by the jobs, from Hudi.

resource "aws_glue_catalog_database" "this" {
  name         = var.name
  description  = var.description
  location_uri = var.location
}
