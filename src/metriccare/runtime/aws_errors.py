"""What an error of AWS means, and what to do about it, in a sentence."""

import os
import re
from typing import Any

from metriccare.runtime.aws import PROFILE_VARIABLE, login_command

ABSENT_BUCKET = frozenset(("NoSuchBucket",))

# Before any answer, by the names of botocore's errors (and of those that they derive from): what is wrong, what to do.
_BEFORE = {
    "ProfileNotFound": "{error}. Set AWS_PROFILE to one of those that `aws configure list-profiles` lists.",
    "NoCredentialsError PartialCredentialsError": (
        "no AWS credentials were found. Set AWS_PROFILE to one of your profiles (`aws configure list-profiles`), or "
        "log in with `aws sso login --profile NAME`."
    ),
    "SSOError TokenRetrievalError": (
        "you are not logged in to AWS, or the login has expired. Run `{login}`, then try again."
    ),
    "LoginError": "the login has expired ({error}). Run `aws login`, then try again.",
    "CredentialRetrievalError": (
        "the credentials of {profile} can't be had ({error}). Log in with the tool that makes them."
    ),
    "NoRegionError": "no AWS region is set. Set AWS_REGION, or `region` for {profile} in the AWS configuration.",
    "ConnectionError ConnectTimeoutError ReadTimeoutError HTTPClientError": (
        "AWS could not be reached ({error}). Check the network, a proxy, and AWS_REGION."
    ),
    "Exception": "{error}. Check the AWS configuration.",
}

# By the codes of AWS's answers.
_ANSWERED = {
    "ExpiredToken ExpiredTokenException RequestExpired TokenRefreshRequired": (
        "the AWS credentials of {profile} have expired. Run `{login}`, or renew them with the tool that makes them, "
        "then try again; nothing is lost."
    ),
    "InvalidAccessKeyId InvalidClientTokenId InvalidToken SignatureDoesNotMatch InvalidSignatureException "
    "UnrecognizedClientException AuthFailure": (
        "AWS does not know the credentials of {profile} ({code}). Check its keys, or set AWS_PROFILE to another one."
    ),
    "UnauthorizedException": "you are not logged in to AWS, or the login has expired. Run `{login}`, then try again.",
    "ResourceNotFoundException": (
        "there is no such table in this account and region. Check its name, AWS_PROFILE and AWS_REGION."
    ),
    "301 PermanentRedirect AuthorizationHeaderMalformed": (
        "the bucket is in another region. Set AWS_REGION to {bucket_region}."
    ),
}
_DENIED = frozenset(
    (
        "AccessDenied",
        "AccessDeniedException",
        "403",
        "Forbidden",
        "ForbiddenException",
        "UnauthorizedOperation",
    )
)
# "User: … is not authorized to perform: s3:ListBucket on resource: "…" because …"
_NOT_AUTHORIZED = re.compile(
    r"not authorized to perform:? (?P<action>[\w-]+:\w+)(?: on (?:the )?resource:? \"?(?P<on>[^\s\"]+))?"
)
# In the texts of the JVM's errors, whose SDK drops what the process that prints credentials said.
_NO_PROCESS = "Failed to refresh process-based credentials"
_OF_SDK = re.compile(r"\(Service: Amazon \w+; Status Code: \d+; Error Code: (\w+)")
_OF_LAKE = "s3:ListBucket, s3:GetObject, s3:PutObject and s3:DeleteObject"
_ASSUMING = ("AssumeRole", "AssumeRoleWithWebIdentity", "GetRoleCredentials")
_ACTIONS = {
    "HeadObject": "s3:GetObject",
    "HeadBucket": "s3:ListBucket",
    "ListObjectsV2": "s3:ListBucket",
    "TransactWriteItems": "dynamodb:PutItem, dynamodb:UpdateItem and dynamodb:ConditionCheckItem",
}


def explain(error: Exception, what: str, service: str = "s3") -> str:
    """Return why something can't be used, and what to do.

    Args:
        error: an error of boto3.
        what: what was to be used, e.g. `s3://bucket/key`.
        service: prefix of the service's actions in policies.
    """
    if not hasattr(error, "response"):
        names = {one.__name__ for one in type(error).__mro__}
        return f"{what} can't be used: {_sentence(_BEFORE, names, error)}"
    code = code_of(error)
    if code in _DENIED:
        return f"{what} can't be used: {_of_denial(error, what, service)}"
    return f"{what} can't be used: {_sentence(_ANSWERED, {code}, error)}"


def code_of(error: Any) -> str:
    """Return AWS's code of an error, e.g. `AccessDenied`; a bare status such as `403` if the answer had no body."""
    return str(error.response.get("Error", {}).get("Code", ""))


def no_bucket(url: str) -> str:
    """Return what to do if there is no bucket."""
    return f"There is no bucket {url}: check its name, and the account with `aws sts get-caller-identity`."


def explain_spark(text: str) -> str:
    """Return the same for the text of an error of Spark; empty if it is none of AWS."""
    if _NO_PROCESS in text:
        return (
            f"Spark has no AWS credentials any more: {_sentence(_BEFORE, {'SSOError'}, '')} Nothing is lost."
        )
    code = next(iter(_OF_SDK.findall(text)), "")
    if code in _DENIED:
        return f"S3 refuses Spark: {denied(_OF_LAKE, 'the lake')} Nothing is lost."
    if any(code in keys.split() for keys in _ANSWERED):
        return f"S3 refuses Spark: {_sentence(_ANSWERED, {code}, '')}"
    return ""


def denied(action: str, resource: str) -> str:
    """Return what to do if a permission is missing."""
    return (
        f"access is denied to {_profile()}. Ask for the permission {action} on {resource}, or set AWS_PROFILE to a "
        "profile that has it."
    )


def _sentence(sentences: dict[str, str], names: set[str], error: Any) -> str:
    found = (sentence for keys, sentence in sentences.items() if names.intersection(keys.split()))
    response = getattr(error, "response", {})
    headers = response.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    return next(found, "AWS answered: {error}.").format(
        error=" ".join(str(error).split()).rstrip("."),
        code=code_of(error) if response else next(iter(names)),
        login=login_command(),
        profile=_profile(),
        bucket_region=headers.get("x-amz-bucket-region", "that of the bucket"),
    )


def _of_denial(error: Any, what: str, service: str) -> str:
    """Return who lacks which permission on what, as far as AWS says it."""
    operation, message = error.operation_name, str(error.response.get("Error", {}).get("Message", ""))
    if operation in _ASSUMING:
        return (
            f"{_profile()} may not assume its role ({message}). Ask for the permission sts:AssumeRole on the role, and "
            "for a trust policy that lets you."
        )
    named = _NOT_AUTHORIZED.search(message)
    action = named["action"] if named else _ACTIONS.get(operation, f"{service}:{operation}")
    resource = named["on"] if named and named["on"] else what
    if "kms" in message.lower() and not action.startswith("kms:"):
        action, resource = "kms:Decrypt", f"the key that encrypts {what}"
    return denied(action, resource)


def _profile() -> str:
    profile = os.environ.get(PROFILE_VARIABLE)
    return f"the profile {profile}" if profile else "these credentials"
