"""Calls to AWS as they arrive at the emulator: whose access key signed what, in each of AWS's protocols.

In the tests an access key is the name of a role. So one recorder sees all that a role does, whoever does it: Terraform
and its backend, botocore, the JVM's S3 client, the reader in Rust.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, unquote
from xml.etree import ElementTree as ET

import botocore.session
from botocore.parsers import RpcV2CBORParser

Params = dict[str, Any]
SIGNED = re.compile(r"Credential=([^/]+)/\d+/[^/]+/([^/]+)/aws4_request")
IAM_PREFIX = {"monitoring": "cloudwatch"}  # where it differs from the name that requests are signed with
CBOR = re.compile(r"/service/\w+/operation/(\w+)")
OURS = "metriccare_"
REST = ("s3", "lambda", "chatbot")
BODY_LIMIT = 1_000_000


@dataclass(frozen=True)
class Call:
    """A request of AWS's API.

    Attributes:
        principal: the access key that signed it.
        service: as in the names of IAM's actions.
        operation: of the API, e.g. `ListObjectsV2`.
        params: as far as they are needed to tell the resource, tags and conditions.
    """

    principal: str
    service: str
    operation: str
    params: Params

    def key(self) -> str:
        """Return a text that is the same for the same call."""
        params = json.dumps(self.params, sort_keys=True, default=str)
        return f"{self.principal} {self.service} {self.operation} {params}"


class Recorder:
    """Keeps each call once, in the order in which they came."""

    def __init__(self) -> None:
        self.calls: dict[str, Call] = {}

    def record(self, environ: dict[str, Any]) -> None:
        """Record the request of a WSGI environment; its body can be read again."""
        for call in decoded(environ):
            self.calls.setdefault(call.key(), call)

    def of(self, principal: str) -> list[Call]:
        """Return the calls of one principal."""
        return [call for call in self.calls.values() if call.principal == principal]


def decoded(environ: dict[str, Any]) -> Iterator[Call]:
    """Yield the call of a request; none if none of the stack's roles signed it."""
    signed = SIGNED.search(environ.get("HTTP_AUTHORIZATION", ""))
    if signed is None or not signed.group(1).startswith(OURS):
        return
    principal, service = signed.group(1), IAM_PREFIX.get(signed.group(2), signed.group(2))
    operation, params = _operation(service, environ)
    yield Call(principal, service, operation, params)


def _operation(service: str, environ: dict[str, Any]) -> tuple[str, Params]:
    if service in REST:
        return _rest(service, environ)
    if target := environ.get("HTTP_X_AMZ_TARGET"):
        return target.rpartition(".")[2], json.loads(_body(environ) or "{}")
    if cbor := CBOR.fullmatch(environ["PATH_INFO"]):
        return cbor.group(1), _of_cbor(_body(environ))
    form = {
        name: values[0] for name, values in parse_qs(_body(environ).decode(), keep_blank_values=True).items()
    }
    return form.pop("Action"), form


def _of_cbor(body: bytes) -> Params:
    parsed: Params = RpcV2CBORParser().parse_data_item(BytesIO(body)) if body else {}
    return parsed


def _rest(service: str, environ: dict[str, Any]) -> tuple[str, Params]:
    """Find the operation by method, path and query: the one whose model asks for most of what is there."""
    query = {
        name: value[0]
        for name, value in parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True).items()
    }
    found = [
        (len(needed) + len(headers), operation, path.groupdict())
        for operation, method, form, needed, headers in _routes(service)
        if method == environ["REQUEST_METHOD"] and all(_is_there(*one, query) for one in needed.items())
        if headers <= environ.keys()
        if (path := form.fullmatch(environ["PATH_INFO"]))
    ]
    _, operation, captured = max(found, key=lambda one: one[0])
    params = captured | query
    if service == "s3":
        return _of_s3(operation, params, environ)
    return operation, params | json.loads(_body(environ) or "{}")


def _is_there(name: str, value: str, query: dict[str, str]) -> bool:
    return name in query and value in ("", query[name])


def _of_s3(operation: str, params: Params, environ: dict[str, Any]) -> tuple[str, Params]:
    """Keep what S3's permissions depend on: bucket, key, prefix, version, tags, and the source of a copy."""
    kept: Params = {name: params[name] for name in ("Bucket", "Key", "prefix", "versionId") if name in params}
    for header, name in (("HTTP_X_AMZ_TAGGING", "Tagging"), ("HTTP_X_AMZ_COPY_SOURCE", "CopySource")):
        if header in environ:
            kept[name] = unquote(environ[header])
    if operation == "DeleteObjects":
        kept["Objects"] = sorted(_deleted(_body(environ)))
    return operation, kept


def _deleted(body: bytes) -> set[tuple[str, bool]]:
    """Return a key of each folder and suffix in a request to delete objects, and whether it names a version."""
    objects = [one for one in ET.fromstring(body) if one.tag.endswith("Object")]
    parts = [{part.tag.rpartition("}")[2]: part.text or "" for part in one} for one in objects]
    places = {
        (part["Key"].rpartition("/")[0], part["Key"].rpartition(".")[2], "VersionId" in part): part["Key"]
        for part in parts
    }
    return {(key, version) for (_, _, version), key in places.items()}


def _body(environ: dict[str, Any]) -> bytes:
    """Read a body, and put it back."""
    length = int(environ.get("CONTENT_LENGTH") or 0)
    if length > BODY_LIMIT:
        return b""
    body: bytes = environ["wsgi.input"].read(length)
    environ["wsgi.input"] = BytesIO(body)
    return body


Route = tuple[str, str, re.Pattern[str], dict[str, str], set[str]]


@cache
def _routes(service: str) -> list[Route]:
    """Return each operation with its method, path, and what must be in its query and among its headers."""
    model = botocore.session.get_session().get_service_model(service)
    routes = []
    for name in model.operation_names:
        operation = model.operation_model(name)
        path, _, query = operation.http["requestUri"].partition("?")
        needed = {part.partition("=")[0]: part.partition("=")[2] for part in query.split("&") if part}
        needed |= dict.fromkeys(_required(operation, "querystring"), "")
        headers = {f"HTTP_{one.upper().replace('-', '_')}" for one in _required(operation, "header")}
        routes.append((name, operation.http["method"], _path(path), needed, headers))
    return routes


def _required(operation: Any, location: str) -> list[str]:
    shape = operation.input_shape
    members = [shape.members[name].serialization for name in shape.required_members] if shape else []
    return [one["name"] for one in members if one.get("location") == location]


def _path(path: str) -> re.Pattern[str]:
    """Return a pattern of paths; `{Key+}` takes slashes too. A slash at the end is free."""
    pattern = re.sub(r"\\{(\w+)\\\+\\}", r"(?P<\1>.+)", re.escape(path.rstrip("/")))
    return re.compile(re.sub(r"\\{([\w-]+)\\}", r"(?P<\1>[^/]+)", pattern) + "/?")
