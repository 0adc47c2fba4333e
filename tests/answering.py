"""A small web server on this machine that answers as a test tells it to."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit


class Asked(BaseHTTPRequestHandler):
    """One request; `reply` answers it in the ordinary way, `wfile` in any other."""

    protocol_version = "HTTP/1.1"

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.path).query))

    def do_GET(self) -> None:
        self.close_connection = True
        with suppress(OSError):  # the other side has heard enough
            self.server.answer(self)

    def reply(self, body: bytes = b"", status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content_Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        pass  # a client that breaks off is what many of these tests are about


@contextmanager
def serving(answer: Callable[[Asked], None], secured: Callable | None = None) -> Iterator[str]:
    """The address of a server whose every request is answered by `answer`, while the block lasts."""
    server = Server(("127.0.0.1", 0), Asked)
    server.answer = answer
    if secured:
        server.socket = secured(server.socket)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"{'https' if secured else 'http'}://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
