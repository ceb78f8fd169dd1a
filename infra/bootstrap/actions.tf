# The actions behind Terraform's calls, taken from the provider's log of a plan, an apply and a destroy.

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
    sns        = ["GetSubscriptionAttributes", "GetTopicAttributes", "ListSubscriptionsByTopic", "ListTagsForResource"]
    events     = ["DescribeRule", "ListTagsForResource", "ListTargetsByRule"]
    athena     = ["GetWorkGroup", "ListTagsForResource"]
    cloudwatch = ["DescribeAlarms", "GetDashboard", "ListTagsForResource"]
    logs       = ["DescribeLogGroups", "ListTagsForResource"]
    glue       = ["GetDatabase", "GetJob", "GetTags", "GetTrigger", "GetWorkflow"]
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
    sns        = ["CreateTopic", "DeleteTopic", "SetTopicAttributes", "Subscribe", "TagResource", "Unsubscribe", "UntagResource"]
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
}
