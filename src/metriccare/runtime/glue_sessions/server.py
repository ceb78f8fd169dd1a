"""The endpoint itself: HTTP on the loopback interface, JSON 1.1 for the Glue API, forms for STS and IAM.

A request must contain the endpoint's access key, which is new at each start, and the loopback interface as its host, so
that neither another user of the machine nor a web page in a browser can run code. The signature is not verified.
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
from metriccare.runtime.glue_sessions.api_error import (
    UNKNOWN_OPERATION,
    UNREADABLE,
    UNRECOGNIZED_KEY,
    GlueApiError,
)
from metriccare.runtime.glue_sessions.identity import identity
from metriccare.runtime.glue_sessions.operations import dispatch
from metriccare.runtime.glue_sessions.sessions import Sessions

HOST = "127.0.0.1"
JSON = "application/x-amz-json-1.1"
_KEY = re.compile(r"Credential=([^/\s,]+)/")
_OPERATION = re.compile(r"AWSGlue\.(\w+)")


@dataclass(frozen=True)
class Endpoint:
    """Address and credentials of the endpoint.

    Attributes:
        address: its URL.
        access_key: the access key that requests must contain.
        secret_key: the secret key; signatures are not verified.
    """

    address: str
    access_key: str
    secret_key: str


@contextmanager
def serving(port: int = 0, sessions: Sessions | None = None) -> Iterator[Endpoint]:
    """Serve in threads of this process; stop all sessions on exit.

    Args:
        port: port on the loopback interface; 0 picks a free one.
        sessions: the sessions to serve; None means sessions with Spark.

    Raises:
        EndpointError: the port is in use.
    """
    served = sessions or Sessions()
    key = f"LOCAL{secrets.token_hex(8).upper()}"
    try:
        server = _Server((HOST, port), served, key)
    except OSError as error:
        served.close()
        raise EndpointError(
            f"Port {port} can't be used ({error.strerror}); choose another one, or 0 for a free one."
        ) from error
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    thread.start()
    try:
        yield Endpoint(f"http://{HOST}:{server.server_port}", key, secrets.token_urlsafe(24))
    finally:
        served.close()  # first, so that a kernel waiting for a cell gets the end of its session
        server.shutdown()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # kernels keep their connections open

    def __init__(self, address: tuple[str, int], sessions: Sessions, key: str) -> None:
        self.sessions, self.key = sessions, key
        super().__init__(address, _Handler)
        self.hosts = {f"{name}:{self.server_port}" for name in (HOST, "localhost")}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # headers and body are sent as two packets
    server: _Server

    def do_POST(self) -> None:
        """Handle one request."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        request_id, target = str(uuid.uuid4()), self.headers.get("X-Amz-Target")
        try:
            self._check_caller()
            if target is None:
                status, text = identity(body.decode(), request_id)
                self._reply(status, text, request_id, {"Content-Type": "text/xml"})
                return
            self._reply(200, json.dumps(self._dispatch(target, body)), request_id, {"Content-Type": JSON})
        except GlueApiError as error:
            body_of_error = {"__type": error.code, "Message": str(error), "message": str(error)}
            headers = {"Content-Type": JSON, "x-amzn-ErrorType": error.code}
            self._reply(400, json.dumps(body_of_error), request_id, headers)

    def log_message(self, format: str, *args: Any) -> None:
        """Log nothing: the code of cells may contain patient data."""

    def _check_caller(self) -> None:
        key = _KEY.search(self.headers.get("Authorization", ""))
        if self.headers.get("Host") not in self.server.hosts or not key:
            raise GlueApiError(UNRECOGNIZED_KEY, "The request is not signed or addresses another host.")
        if not hmac.compare_digest(key[1].encode(), self.server.key.encode()):
            raise GlueApiError(UNRECOGNIZED_KEY, "The security token included in the request is invalid.")

    def _dispatch(self, target: str, body: bytes) -> dict[str, Any]:
        operation = _OPERATION.fullmatch(target)
        if not operation:
            raise GlueApiError(UNKNOWN_OPERATION, f"{target} is not an operation of AWS Glue.")
        try:
            given = json.loads(body or b"{}")
        except ValueError as error:
            raise GlueApiError(UNREADABLE, "The request's body is not JSON.") from error
        if not isinstance(given, dict):
            raise GlueApiError(UNREADABLE, "The request's body is not a JSON object.")
        return dispatch(self.server.sessions, operation[1], given)

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
