# The database of one layer. Hudi creates its tables when the jobs write.

resource "aws_glue_catalog_database" "this" {
  name         = var.name
  description  = var.description
  location_uri = var.location
}
