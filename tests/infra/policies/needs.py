"""The requests that IAM decides on for a call: its own action, and what AWS asks for besides.

Besides: the tagging action where something is created with tags, `iam:PassRole` where a role is handed on, the source
of a copy, and the key where the resource is encrypted with one.
"""

import re
from collections.abc import Iterator

from tests.infra.policies import authorization
from tests.infra.policies.account import ACCOUNT, REGION, Account
from tests.infra.policies.actions import actions
from tests.infra.policies.calls import Call, Params
from tests.infra.policies.documents import Request
from tests.infra.policies.resources import NAMES, created, resources

TAGGING = {"sqs": "TagQueue", "s3": "PutBucketTagging"}  # elsewhere TagResource
TAGGED_BY_IAM = {"CreateRole": "iam:TagRole", "CreatePolicy": "iam:TagPolicy"}
TAGGED_ANEW = {
    ("lambda", "CreateEventSourceMapping"): "eventSourceMapping",
    ("kms", "CreateKey"): "key",
}  # no name yet
ROLES = ("Role", "RoleArn", "IamRoleArn")
SERVICES = {
    "lambda": "lambda.amazonaws.com",
    "glue": "glue.amazonaws.com",
    "chatbot": "chatbot.amazonaws.com",
}

# "How Amazon S3 uses AWS KMS"; a multipart upload also decrypts the parts it has encrypted.
OBJECTS = {
    "GetObject": ("Decrypt",),
    "HeadObject": ("Decrypt",),
    "PutObject": ("GenerateDataKey",),
    "CopyObject": ("Decrypt", "GenerateDataKey"),
    "UploadPartCopy": ("Decrypt", "GenerateDataKey"),
    "CreateMultipartUpload": ("GenerateDataKey", "Decrypt"),
    "UploadPart": ("GenerateDataKey", "Decrypt"),
    "CompleteMultipartUpload": ("Decrypt",),
}


class UnknownResourceError(Exception):
    """A call's resource can't be told: `resources.NAMES` lacks the type, or AWS the action."""


def needs(call: Call, account: Account) -> Iterator[Request]:
    """Yield all requests of a call.

    Raises:
        UnknownResourceError: the resource of an action can't be told from the call.
    """
    context = _context(call, account)
    for action in actions(call):
        yield from _on_its_resources(call, action, context, account)
    yield from _tagging(call, context, account)
    yield from _passing(call)
    if "CopySource" in call.params:
        yield Request(
            "s3:GetObject", f"arn:aws:s3:::{call.params['CopySource'].lstrip('/').split('?')[0]}", context
        )
    yield from _with_key(call, account)


def _on_its_resources(call: Call, name: str, context: dict[str, str], account: Account) -> Iterator[Request]:
    action = authorization.action(name)
    if action is None:
        raise UnknownResourceError(f"AWS has no action {name}; put {call.operation} into actions.py")
    if not action.resources:
        yield Request(name, "*", context)
        return
    found = {
        kind: resources(call, kind, form) for kind, form in action.resources.items() if _is_known(call, kind)
    }
    # A tag is on one resource, whatever the types it may have; of Athena's, AWS's page marks all as required.
    required = () if "Tag" in name else action.required
    lacking = [kind for kind in required if not found.get(kind)]
    if lacking or not any(found.values()):
        raise UnknownResourceError(f"{name}: no {lacking or sorted(action.resources)} in {call.params}")
    for arn in (arn for arns in found.values() for arn in arns):
        resource = account.key_behind(arn)
        yield Request(name, resource, context | account.tags_of(resource))


def _is_known(call: Call, kind: str) -> bool:
    return (call.service, kind) in NAMES


def tags(params: Params) -> dict[str, str]:
    """Return the tags that a call sets, in whichever of AWS's forms it gives them."""
    listed = params.get("Tags", params.get("tags", {}))
    if isinstance(listed, list):
        return {
            one.get("Key", one.get("TagKey", "")): one.get("Value", one.get("TagValue", "")) for one in listed
        }
    if listed:
        return dict(listed)
    numbered = {name: value for name, value in params.items() if re.match(r"Tags\.member\.\d+\.", name)}
    return {
        value: numbered[name.replace(".Key", ".Value")]
        for name, value in numbered.items()
        if name.endswith(".Key")
    }


def _context(call: Call, account: Account) -> dict[str, str]:
    """Return the condition keys of a request, as far as policies here use them."""
    params = call.params
    given = {
        "aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/{call.principal}",
        "kms:CallerAccount": ACCOUNT,
        "aws:SecureTransport": "true",
        "s3:prefix": params.get("prefix", "") if call.operation.startswith("ListObject") else None,
        "cloudwatch:namespace": params.get("Namespace"),
        "iam:PermissionsBoundary": _boundary(call, account),
        "lambda:FunctionArn": _mapped_function(call, account),
    }
    given |= {f"aws:RequestTag/{name}": value for name, value in tags(params).items()}
    return {name: value for name, value in given.items() if value is not None}


def _boundary(call: Call, account: Account) -> str | None:
    if call.service != "iam" or "RoleName" not in call.params:
        return None
    named: str | None = call.params.get("PermissionsBoundary")
    role = account.roles.get(call.params["RoleName"])
    return named or (role.boundary if role else None) or None


def _mapped_function(call: Call, account: Account) -> str | None:
    if "EventSourceMapping" not in call.operation:
        return None
    if "UUID" in call.params:
        return account.mappings.get(call.params["UUID"])
    return next(iter(resources_of_function(call)), None)


def resources_of_function(call: Call) -> list[str]:
    """Return the ARN of the function that a call names."""
    return (
        [created("lambda", "function", call.params["FunctionName"])] if "FunctionName" in call.params else []
    )


def _tagging(call: Call, context: dict[str, str], account: Account) -> Iterator[Request]:
    """Whoever creates something with tags must also be allowed to tag it."""
    if not tags(call.params) or re.search("Tag(Resource|Queue|Role|Policy)|Tagging", call.operation):
        return
    name = TAGGED_BY_IAM.get(call.operation) or f"{call.service}:{TAGGING.get(call.service, 'TagResource')}"
    if kind := TAGGED_ANEW.get((call.service, call.operation)):
        yield Request(name, created(call.service, kind, "new"), context)
        return
    yield from _on_its_resources(call, name, context, account)


def _passing(call: Call) -> Iterator[Request]:
    role = next((call.params[name] for name in ROLES if name in call.params), "")
    job = call.params.get("JobUpdate") or {}
    if role := str(role or job.get("Role", "")):
        context = {"iam:PassedToService": SERVICES[call.service]}
        yield Request("iam:PassRole", created("iam", "role", role), context)


def _with_key(call: Call, account: Account) -> Iterator[Request]:
    """Yield what the service asks of KMS in the caller's name."""
    for key, operations, encrypted in _keys(call, account):
        context = {"kms:ViaService": f"{call.service}.{REGION}.amazonaws.com", "kms:CallerAccount": ACCOUNT}
        context |= {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/{call.principal}"}
        context |= {f"kms:EncryptionContext:{name}": value for name, value in encrypted.items()}
        context |= account.tags_of(key)
        yield from (Request(f"kms:{operation}", key, context) for operation in operations)


Use = tuple[str, tuple[str, ...], dict[str, str]]  # key, operations, encryption context


def _keys(call: Call, account: Account) -> Iterator[Use]:
    if call.service == "s3" and call.operation in OBJECTS:
        bucket = call.params["Bucket"]
        if bucket in account.bucket_keys:  # with a bucket key, the context is the bucket
            yield (
                account.bucket_keys[bucket],
                OBJECTS[call.operation],
                {"aws:s3:arn": f"arn:aws:s3:::{bucket}"},
            )
        return
    if (call.service, call.operation) in USES:
        alias = f"alias/metriccare_all_key_{call.principal.rpartition('_')[2]}"
        main = next((arn for arn, key in account.keys.items() if key.alias == alias), alias)
        yield main, USES[call.service, call.operation], _encrypted(call)


def _encrypted(call: Call) -> dict[str, str]:
    if call.service == "lambda":
        return {"aws:lambda:FunctionArn": resources_of_function(call)[0]}
    return {}


READ = ("GetItem", "Query", "BatchGetItem", "TransactWriteItems", "PutItem", "UpdateItem")
USES: dict[tuple[str, str], tuple[str, ...]] = {
    # "How DynamoDB uses AWS KMS": the caller's right to decrypt the table's key, and for a new table the grants.
    **{("dynamodb", operation): ("Decrypt",) for operation in READ},
    ("dynamodb", "CreateTable"): (
        *(
            "CreateGrant",
            "Decrypt",
            "DescribeKey",
            "Encrypt",
            "GenerateDataKey",
            "GenerateDataKeyWithoutPlaintext",
        ),
        *("ReEncryptFrom", "ReEncryptTo"),
    ),
    # "Key management" of SNS and SQS: producers and consumers.
    ("sns", "Publish"): ("GenerateDataKey", "Decrypt"),
    ("sqs", "SendMessage"): ("GenerateDataKey", "Decrypt"),
    ("sqs", "ReceiveMessage"): ("Decrypt",),
    # "Securing Lambda environment variables": whoever writes them, and whoever reads them.
    ("lambda", "CreateFunction"): ("CreateGrant", "Decrypt", "Encrypt", "DescribeKey"),
    ("lambda", "UpdateFunctionConfiguration"): ("CreateGrant", "Decrypt", "Encrypt"),
    ("lambda", "GetFunction"): ("Decrypt",),
    ("lambda", "GetFunctionConfiguration"): ("Decrypt",),
}
