"""The two calls that the kernel makes to STS and IAM, about the caller and its role; the responses are constant.

A request is a posted form, a response is XML.
"""

from string import Template
from urllib.parse import parse_qs

ACCOUNT = "000000000000"
ROLE_NAME = "metriccare-local"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/{ROLE_NAME}"
# The kernel takes the caller's own role for the session's if none is named. Glue may not assume a person's role.
CALLER_NAME = "AWSReservedSSO_Engineer_0123456789abcdef"

_CALLER = f"""<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:sts::{ACCOUNT}:assumed-role/{CALLER_NAME}/local</Arn><UserId>AROALOCAL:local</UserId><Account>{ACCOUNT}</Account>
</GetCallerIdentityResult><ResponseMetadata><RequestId>$request</RequestId></ResponseMetadata></GetCallerIdentityResponse>"""
_ROLE = f"""<GetRoleResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><GetRoleResult><Role><Path>/</Path>
<RoleName>{CALLER_NAME}</RoleName><RoleId>AROALOCAL</RoleId><CreateDate>2026-01-01T00:00:00Z</CreateDate>
<Arn>arn:aws:iam::{ACCOUNT}:role/{CALLER_NAME}</Arn>
<AssumeRolePolicyDocument>%7B%7D</AssumeRolePolicyDocument></Role></GetRoleResult>
<ResponseMetadata><RequestId>$request</RequestId></ResponseMetadata></GetRoleResponse>"""
_UNKNOWN = """<ErrorResponse><Error><Type>Sender</Type><Code>InvalidAction</Code><Message>This endpoint supports
GetCallerIdentity and GetRole only</Message></Error><RequestId>$request</RequestId></ErrorResponse>"""
_RESPONSES = {"GetCallerIdentity": _CALLER, "GetRole": _ROLE}


def identity(form: str, request_id: str) -> tuple[int, str]:
    """Return the HTTP status and the XML response for a form."""
    action = parse_qs(form).get("Action", [""])[0]
    response = _RESPONSES.get(action)
    return 200 if response else 400, Template(response or _UNKNOWN).substitute(request=request_id)
