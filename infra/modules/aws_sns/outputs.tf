output "arn" {
  description = "ARN of the topic, available once its policy allows publishing."
  value       = aws_sns_topic.this.arn
  depends_on  = [aws_sns_topic_policy.this]
}

output "name" {
  description = "Name of the topic."
  value       = aws_sns_topic.this.name
}
