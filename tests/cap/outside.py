"""Somebody else's web server with a feed of warnings: real sockets, ETags, and what was asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@dataclass
class Outside:
    """What lies at which path, and what was asked: path and answer."""

    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[tuple[str, int]] = field(default_factory=list)

    def atom(self, *paths: str) -> None:
        entries = "".join(
            f'<entry><id>{path}</id><updated>{len(self.files[path])}</updated>'
            f'<link type="application/cap+xml" href="{path}"/></entry>'
            for path in paths
        )  # fmt: skip
        self.files["/feed"] = f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'.encode()


@contextmanager
def serving() -> Iterator[Outside]:
    """Serve what the test lays down, until it is over."""
    outside = Outside()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = outside.files.get(self.path)
            etag = f'"{sha256(body or b"").hexdigest()}"'
            known = body is not None and self.headers.get("if-none-match") == etag
            status = 404 if body is None else 304 if known else 200
            outside.asked.append((self.path, status))
            self.send_response(status)
            self.send_header("etag", etag)
            self.end_headers()
            if status == 200:
                self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    outside.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield outside
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
