output "name" {
  description = "Name of the security configuration."
  value       = aws_glue_security_configuration.this.name
}
