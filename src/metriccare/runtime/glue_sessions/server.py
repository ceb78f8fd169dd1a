"""The endpoint itself: HTTP on the loopback interface, JSON 1.1 for the Glue API, forms for STS and IAM.

A request must contain the endpoint's access key, which is new at each start, and the loopback interface as its host:
neither another user of the machine nor a web page in a browser can run code. The signature is not verified. No body is
read before that, and connections, bodies and waiting have limits.
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
MAX_BODY = 16 * 1024 * 1024  # bytes; a cell's code is a few thousand
MAX_CONNECTIONS = 64  # a thread each; a kernel keeps two open
IDLE_SECONDS = 300.0  # after which a connection is closed; botocore opens another one
_KEY = re.compile(r"Credential=([^/\s,]+)/")
_LENGTH = re.compile("[0-9]{1,9}")
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
        self._free = threading.BoundedSemaphore(MAX_CONNECTIONS)
        super().__init__(address, _Handler)
        self.hosts = {f"{name}:{self.server_port}" for name in (HOST, "localhost")}

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serve a connection in a thread, or close it if there are too many."""
        if self._free.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve a connection."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # headers and body are sent as two packets
    timeout = IDLE_SECONDS
    server: _Server

    def do_POST(self) -> None:
        """Handle one request."""
        request_id, target = str(uuid.uuid4()), self.headers.get("X-Amz-Target")
        self.close_connection = True  # a body that is not read would be taken for the next request
        try:
            self._check_caller()
            body = self._body()
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

    def _body(self) -> bytes:
        length = self.headers.get("Content-Length") or "0"
        if not _LENGTH.fullmatch(length) or int(length) > MAX_BODY:
            raise GlueApiError(
                UNREADABLE, f"The request's body has no length, or more than {MAX_BODY:,} bytes."
            )
        body = self.rfile.read(int(length))
        self.close_connection = self.headers.get("Connection", "").lower() == "close"
        return body

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
