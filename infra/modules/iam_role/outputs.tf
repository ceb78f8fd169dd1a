output "arn" {
  description = "ARN of the role."
  value       = aws_iam_role.this.arn
}

output "name" {
  description = "Name of the role."
  value       = aws_iam_role.this.name

  # Whoever gets this name may use the role, so its policy must exist first.
  depends_on = [aws_iam_role_policy.this, aws_iam_role_policy_attachment.this]
}
