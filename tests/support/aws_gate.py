"""A proxy before the emulated AWS, which knows no permissions: it sees who asks, and refuses what a test says."""

import json
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.support.served import Quiet, served

_KEY = re.compile(r"Credential=([^/\s,]+)/\d+/[\w-]+/(\w+)/")
_DROPPED = {"transfer-encoding", "connection", "content-length", "server", "date"}


@dataclass(frozen=True)
class Asked:
    """One request.

    Attributes:
        key: the access key that signed it.
        service: as in the signature, e.g. s3.
        method: of HTTP.
        path: with the query.
    """

    key: str
    service: str
    method: str
    path: str


@dataclass(frozen=True)
class Refusal:
    """How AWS refuses: with a status, a code, a sentence, and for S3 the bucket's region."""

    status: int
    code: str
    message: str = ""
    region: str = ""


@dataclass
class Gate:
    """A running proxy.

    Attributes:
        address: its URL.
        asked: the requests so far.
        refuse: called with each request; returns how it is refused, or None.
    """

    address: str = ""
    asked: list[Asked] = field(default_factory=list)
    refuse: Callable[[Asked], Refusal | None] = lambda _: None

    def keys(self, service: str) -> set[str]:
        """Return the access keys that have asked a service."""
        return {one.key for one in self.asked if one.service == service}


@contextmanager
def gate_before(target: str) -> Iterator[Gate]:
    """Serve a proxy before a server until the end."""
    gate = Gate()

    class Handler(Quiet):
        protocol_version = "HTTP/1.1"

        def _pass(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            signed = _KEY.search(self.headers.get("Authorization", ""))
            key, service = signed.groups() if signed else ("", "")
            asked = Asked(key, service, self.command, self.path)
            gate.asked.append(asked)
            refusal = gate.refuse(asked)
            if refusal:
                self._refuse(refusal, service)
                return
            headers = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
            request = urllib.request.Request(target + self.path, body or None, headers, method=self.command)
            try:
                with urllib.request.urlopen(request) as answer:
                    self._answer(answer.status, dict(answer.headers.items()), answer.read())
            except urllib.error.HTTPError as error:
                with error:
                    self._answer(error.code, dict(error.headers.items()), error.read())

        do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _pass  # noqa: N815

        def _refuse(self, refusal: Refusal, service: str) -> None:
            if service == "dynamodb":
                body = json.dumps({"__type": f"com.amazon#{refusal.code}", "message": refusal.message})
            elif service == "s3":
                body = f"<Error><Code>{refusal.code}</Code><Message>{refusal.message}</Message></Error>"
            else:
                error = f"<Error><Code>{refusal.code}</Code><Message>{refusal.message}</Message></Error>"
                body = f"<ErrorResponse>{error}<RequestId>1</RequestId></ErrorResponse>"
            headers = {"x-amz-bucket-region": refusal.region} if refusal.region else {}
            self._answer(refusal.status, headers, body.encode())

        def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in headers.items():
                if name.lower() not in _DROPPED:
                    self.send_header(name, value)
            length = headers.get("Content-Length") if self.command == "HEAD" else None
            self.send_header("Content-Length", length or str(len(body) if self.command != "HEAD" else 0))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

    with served(Handler) as gate.address:
        yield gate
