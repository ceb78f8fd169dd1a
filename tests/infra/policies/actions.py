"""The actions of IAM behind an operation of the API: mostly one of the same name.

Where they differ, the page of the service says so, e.g. for S3 "Required permissions for Amazon S3 API operations" and
for DynamoDB "Using IAM with DynamoDB transactions".
"""

from tests.infra.policies.calls import Call

S3 = {
    "HeadBucket": "ListBucket",
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "ListObjectVersions": "ListBucketVersions",
    "ListMultipartUploads": "ListBucketMultipartUploads",
    "ListParts": "ListMultipartUploadParts",
    "HeadObject": "GetObject",
    "CreateMultipartUpload": "PutObject",
    "UploadPart": "PutObject",
    "CompleteMultipartUpload": "PutObject",
    "GetBucketCors": "GetBucketCORS",
    "GetBucketAccelerateConfiguration": "GetAccelerateConfiguration",
    "GetBucketEncryption": "GetEncryptionConfiguration",
    "PutBucketEncryption": "PutEncryptionConfiguration",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "GetBucketLifecycle": "GetLifecycleConfiguration",
    "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
    "PutBucketLifecycle": "PutLifecycleConfiguration",
    "DeleteBucketLifecycle": "PutLifecycleConfiguration",
    "GetBucketReplication": "GetReplicationConfiguration",
    "GetObjectLockConfiguration": "GetBucketObjectLockConfiguration",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
    "DeletePublicAccessBlock": "PutBucketPublicAccessBlock",
    "DeleteBucketOwnershipControls": "PutBucketOwnershipControls",
    "DeleteBucketEncryption": "PutEncryptionConfiguration",
    "GetBucketNotificationConfiguration": "GetBucketNotification",
    "PutBucketNotificationConfiguration": "PutBucketNotification",
    "ListBuckets": "ListAllMyBuckets",
}
OF_TRANSACTION = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
    "Get": "GetItem",
}
OTHERS = {
    ("lambda", "Invoke"): "InvokeFunction",
    ("sqs", "SendMessageBatch"): "SendMessage",
    ("sqs", "DeleteMessageBatch"): "DeleteMessage",
}
FREE = {("sts", "GetCallerIdentity")}  # needs no permission


def actions(call: Call) -> list[str]:
    """Return the actions that a call needs on what it names."""
    if (call.service, call.operation) in FREE:
        return []
    if call.service == "s3":
        return [f"s3:{name}" for name in _of_s3(call)]
    if "TransactItems" in call.params:
        kinds = {kind for item in call.params["TransactItems"] for kind in item}
        return sorted(f"dynamodb:{OF_TRANSACTION[kind]}" for kind in kinds)
    return [f"{call.service}:{OTHERS.get((call.service, call.operation), call.operation)}"]


def _of_s3(call: Call) -> list[str]:
    if call.operation == "DeleteObjects":
        versions = {version for _, version in call.params["Objects"]}
        return [{True: "DeleteObjectVersion", False: "DeleteObject"}[one] for one in sorted(versions)]
    name = S3.get(call.operation, call.operation)
    if "versionId" in call.params and name in ("GetObject", "DeleteObject", "GetObjectTagging"):
        return [name.replace("Object", "ObjectVersion") if name == "GetObjectTagging" else f"{name}Version"]
    tags = ["PutObjectTagging"] if "Tagging" in call.params else []
    return [{"CopyObject": "PutObject", "UploadPartCopy": "PutObject"}.get(name, name), *tags]
