# The actions behind Terraform's calls, taken from the provider's log of a plan, an apply and a destroy, and behind those
# of ../../tools/wait_for_workflow.sh.

locals {
  read_actions = {
    s3 = [
      "GetAccelerateConfiguration", "GetBucketAcl", "GetBucketCORS", "GetBucketLocation", "GetBucketLogging",
      "GetBucketNotification", "GetBucketObjectLockConfiguration", "GetBucketOwnershipControls", "GetBucketPolicy",
      "GetBucketPublicAccessBlock", "GetBucketRequestPayment", "GetBucketTagging", "GetBucketVersioning",
      "GetBucketWebsite", "GetEncryptionConfiguration", "GetLifecycleConfiguration", "GetReplicationConfiguration",
      "ListBucket",
    ]
    dynamodb   = ["DescribeContinuousBackups", "DescribeTable", "DescribeTimeToLive", "ListTagsOfResource"]
    sqs        = ["GetQueueAttributes", "GetQueueUrl", "ListQueueTags"]
    sns        = ["GetTopicAttributes", "ListSubscriptionsByTopic", "ListTagsForResource"]
    events     = ["DescribeRule", "ListTagsForResource", "ListTargetsByRule"]
    athena     = ["GetWorkGroup", "ListTagsForResource"]
    cloudwatch = ["DescribeAlarms", "GetDashboard", "ListTagsForResource"]
    logs       = ["ListTagsForResource"]
    glue       = ["GetDatabase", "GetJob", "GetTags", "GetTrigger", "GetWorkflow", "GetWorkflowRuns"]
    kms        = ["DescribeKey", "GetKeyPolicy", "GetKeyRotationStatus", "ListResourceTags"]
    lambda = [
      "GetEventSourceMapping", "GetFunction", "GetFunctionCodeSigningConfig", "GetFunctionConfiguration", "GetPolicy",
      "ListTags", "ListVersionsByFunction",
    ]
    iam = [
      "GetPolicy", "GetPolicyVersion", "GetRole", "GetRolePolicy", "ListAttachedRolePolicies", "ListInstanceProfilesForRole",
      "ListPolicyVersions", "ListRolePolicies",
    ]
  }

  change_actions = {
    s3 = [
      "CreateBucket", "DeleteBucket", "DeleteBucketPolicy", "ListBucketVersions", "PutBucketLogging",
      "PutBucketNotification", "PutBucketOwnershipControls", "PutBucketPolicy", "PutBucketPublicAccessBlock",
      "PutBucketTagging", "PutBucketVersioning", "PutEncryptionConfiguration", "PutLifecycleConfiguration",
    ]
    dynamodb   = ["CreateTable", "DeleteTable", "TagResource", "UntagResource", "UpdateContinuousBackups", "UpdateTable"]
    sqs        = ["CreateQueue", "DeleteQueue", "SetQueueAttributes", "TagQueue", "UntagQueue"]
    sns        = ["CreateTopic", "DeleteTopic", "SetTopicAttributes", "Subscribe", "TagResource", "UntagResource"]
    events     = ["DeleteRule", "PutRule", "PutTargets", "RemoveTargets", "TagResource", "UntagResource"]
    athena     = ["CreateWorkGroup", "DeleteWorkGroup", "TagResource", "UntagResource", "UpdateWorkGroup"]
    cloudwatch = ["DeleteAlarms", "DeleteDashboards", "PutDashboard", "PutMetricAlarm", "TagResource", "UntagResource"]
    logs = [
      "AssociateKmsKey", "CreateLogGroup", "DeleteLogGroup", "DeleteRetentionPolicy", "DisassociateKmsKey",
      "PutRetentionPolicy", "TagResource", "UntagResource",
    ]
    glue = [
      "CreateDatabase", "CreateJob", "CreateTrigger", "CreateWorkflow", "DeleteDatabase", "DeleteJob", "DeleteTrigger",
      "DeleteWorkflow", "StartTrigger", "StopTrigger", "TagResource", "UntagResource", "UpdateDatabase", "UpdateJob",
      "UpdateTrigger", "UpdateWorkflow",
    ]
    lambda = [
      "AddPermission", "CreateEventSourceMapping", "CreateFunction", "DeleteEventSourceMapping", "DeleteFunction",
      "RemovePermission", "TagResource", "UntagResource", "UpdateEventSourceMapping", "UpdateFunctionCode",
      "UpdateFunctionConfiguration",
    ]
  }

  # Actions that know no resource type: on any other resource than * they are denied.
  read_actions_without_resource = [
    "chatbot:DescribeSlackChannelConfigurations", "chatbot:ListTagsForResource", "glue:GetSecurityConfiguration",
    "kms:ListAliases", "logs:DescribeLogGroups", "sns:GetSubscriptionAttributes",
  ]
  change_actions_without_resource = [
    "chatbot:CreateSlackChannelConfiguration", "glue:CreateSecurityConfiguration", "glue:DeleteSecurityConfiguration",
    "sns:SetSubscriptionAttributes", "sns:Unsubscribe",
  ]
}
