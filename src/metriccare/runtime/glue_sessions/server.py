"""The endpoint itself: HTTP on the loopback interface, JSON 1.1 of the Glue API, forms of STS and IAM.

A request must name the endpoint's access key, which is made anew at each start, and the loopback interface as its
host: so neither another user of the machine nor a page in a browser can run code. The signature is not verified.
"""

import hmac
import json
import re
import secrets
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from metriccare.errors import EndpointError
from metriccare.runtime.glue_sessions.identity import identity
from metriccare.runtime.glue_sessions.operations import answer
from metriccare.runtime.glue_sessions.refusal import UNKNOWN_OPERATION, UNREADABLE, WRONG_KEY, RefusedError
from metriccare.runtime.glue_sessions.sessions import Sessions

HOST = "127.0.0.1"
JSON = "application/x-amz-json-1.1"
_KEY = re.compile(r"Credential=([^/\s,]+)/")
_OPERATION = re.compile(r"AWSGlue\.(\w+)")


@dataclass(frozen=True)
class Endpoint:
    """Where the endpoint is, and what opens it.

    Attributes:
        address: its URL.
        access_key: the key that requests are signed with.
        secret_key: its secret, which is not verified.
    """

    address: str
    access_key: str
    secret_key: str


@contextmanager
def serving(port: int = 0, sessions: Sessions | None = None) -> Iterator[Endpoint]:
    """Serve in threads of this process; at the end stop all sessions.

    Args:
        port: on loopback; 0 takes a free one.
        sessions: what is served; None means sessions with Spark.

    Raises:
        EndpointError: the port is taken.
    """
    served = sessions or Sessions()
    key = f"LOCAL{secrets.token_hex(8).upper()}"
    try:
        server = _Server((HOST, port), served, key)
    except OSError as error:
        served.close()
        raise EndpointError(
            f"Port {port} can't be used ({error.strerror}): choose another one, or 0 for a free one."
        ) from error
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    thread.start()
    try:
        yield Endpoint(f"http://{HOST}:{server.server_port}", key, secrets.token_urlsafe(24))
    finally:
        served.close()  # first, so that a kernel that waits for its cell hears that the session ended
        server.shutdown()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a kernel keeps its connection open

    def __init__(self, place: tuple[str, int], sessions: Sessions, key: str) -> None:
        self.sessions, self.key = sessions, key
        super().__init__(place, _Handler)
        self.hosts = {f"{name}:{self.server_port}" for name in (HOST, "localhost")}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # header and body go out as two packets
    server: _Server

    def do_POST(self) -> None:
        """Answer one request."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        request_id, target = str(uuid.uuid4()), self.headers.get("X-Amz-Target")
        try:
            self._check_caller()
            if target is None:
                status, text = identity(body.decode(), request_id)
                self._reply(status, text, request_id, {"Content-Type": "text/xml"})
                return
            self._reply(200, json.dumps(self._answer(target, body)), request_id, {"Content-Type": JSON})
        except RefusedError as refusal:
            error = {"__type": refusal.code, "Message": str(refusal), "message": str(refusal)}
            headers = {"Content-Type": JSON, "x-amzn-ErrorType": refusal.code}
            self._reply(400, json.dumps(error), request_id, headers)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: code of cells may hold patients' data."""

    def _check_caller(self) -> None:
        key = _KEY.search(self.headers.get("Authorization", ""))
        if self.headers.get("Host") not in self.server.hosts or not key:
            raise RefusedError(WRONG_KEY, "The request is not signed, or not meant for this endpoint.")
        if not hmac.compare_digest(key[1].encode(), self.server.key.encode()):
            raise RefusedError(WRONG_KEY, "The security token included in the request is invalid.")

    def _answer(self, target: str, body: bytes) -> dict[str, Any]:
        operation = _OPERATION.fullmatch(target)
        if not operation:
            raise RefusedError(UNKNOWN_OPERATION, f"{target} is no operation of AWS Glue.")
        try:
            given = json.loads(body or b"{}")
        except ValueError as error:
            raise RefusedError(UNREADABLE, "The request's body is no JSON.") from error
        if not isinstance(given, dict):
            raise RefusedError(UNREADABLE, "The request's body is no JSON object.")
        return answer(self.server.sessions, operation[1], given)

    def _reply(self, status: int, text: str, request_id: str, headers: dict[str, str]) -> None:
        content = text.encode()
        self.send_response(status)
        for name, value in {
            **headers,
            "Content-Length": str(len(content)),
            "x-amzn-RequestId": request_id,
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)
