output "state_bucket" {
  description = "Bucket for Terraform state: terraform init -backend-config=bucket=..."
  value       = module.state.name
}

output "plan_role_arns" {
  description = "Roles that plan: dev for pull requests, prod for the branch main."
  value       = { for env, role in aws_iam_role.plan : env => role.arn }
}

output "apply_role_arns" {
  description = "Roles of the GitHub environments, by environment."
  value       = { for env, role in aws_iam_role.apply : env => role.arn }
}

output "permissions_boundaries" {
  description = "Permissions boundaries for the roles of the stack, by environment: TF_VAR_permissions_boundary."
  value       = { for env, policy in aws_iam_policy.boundary : env => policy.arn }
}
