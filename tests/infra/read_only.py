"""A proxy before an emulated AWS that refuses what a role may not do: to write a bucket."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

DENIED = b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"


@contextmanager
def refusing_writes(address: str, bucket: str) -> Iterator[tuple[str, list[str]]]:
    """Serve all of an emulator but writes to a bucket; give the proxy's address and the list of what it refused."""
    refused: list[str] = []

    class Proxy(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if self.command not in ("GET", "HEAD") and self.path.startswith(f"/{bucket}"):
                refused.append(f"{self.command} {self.path}")
                self.reply(403, {"Content-Type": "application/xml"}, DENIED)
                return
            upstream = HTTPConnection(urlsplit(address).netloc)
            upstream.request(self.command, self.path, body, dict(self.headers))
            answer = upstream.getresponse()
            self.reply(answer.status, dict(answer.headers), answer.read())

        def reply(self, status: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in headers.items():
                if name.lower() not in (
                    "content-length",
                    "transfer-encoding",
                    "connection",
                    "date",
                    "server",
                ):
                    self.send_header(name, value)
            length = headers.get("Content-Length") if self.command == "HEAD" else None
            self.send_header("Content-Length", length or str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = answer  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", refused
    finally:
        server.shutdown()
        server.server_close()
