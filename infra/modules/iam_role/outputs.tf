output "arn" {
  description = "ARN of the role."
  value       = aws_iam_role.this.arn
}

output "name" {
  description = "Name of the role."
  value       = aws_iam_role.this.name

  # Who knows the role's name uses it; by then it must be allowed what it does.
  depends_on = [aws_iam_role_policy.this, aws_iam_role_policy_attachment.this]
}
