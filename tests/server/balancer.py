"""A balancer before several servers, as simple as one can be: by readiness, and without retries."""

import http.client
import threading
import time
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from urllib.parse import urlsplit

_LOOK_SECONDS = 0.05


class Balancer:
    """Sends each request to a server that is ready, in turn; ``servers`` may be changed."""

    def __init__(self, servers: Sequence[str]) -> None:
        self.servers = list(servers)
        self.ready: list[str] = list(servers)
        self.address = ""
        self._turn = 0

    def watch(self, ended: threading.Event) -> None:
        """Ask again and again which servers are ready."""
        while not ended.wait(_LOOK_SECONDS):
            self.ready = [one for one in list(self.servers) if self._is_ready(one)]

    def take_turn(self) -> str:
        """Return the server whose turn it is."""
        ready = self.ready
        self._turn += 1
        return ready[self._turn % len(ready)]

    def ask(
        self, server: str, method: str, path: str, headers: dict[str, str]
    ) -> tuple[int, bytes]:
        """Pass a request on; return status and body. Raises what the connection does."""
        connection = http.client.HTTPConnection(urlsplit(server).netloc, timeout=60)
        try:
            connection.request(method, path, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def _is_ready(self, server: str) -> bool:
        try:
            return self.ask(server, "GET", "/readyz", {})[0] == 200
        except (OSError, http.client.HTTPException):
            return False


@contextmanager
def balancer(servers: Sequence[str]) -> Iterator[Balancer]:
    """Run a balancer; its clients are told 502 when the server to which it sent them fails."""
    here = Balancer(servers)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:  # noqa: N802 (the name is that of the library)
            headers = {"Accept": self.headers.get("Accept", "*/*")}
            try:
                status, body = here.ask(here.take_turn(), "GET", self.path, headers)
            except (OSError, http.client.HTTPException, ZeroDivisionError):
                status, body = 502, b""
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            pass

    ended = threading.Event()
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        here.address = f"http://127.0.0.1:{server.server_port}"
        threads = [
            threading.Thread(target=server.serve_forever, daemon=True),
            threading.Thread(target=here.watch, args=(ended,), daemon=True),
        ]
        for thread in threads:
            thread.start()
        try:
            yield here
        finally:
            ended.set()
            server.shutdown()
            for thread in threads:
                thread.join(60)


def until_ready(here: Balancer, server: str) -> None:
    """Return when the balancer sends requests to ``server``."""
    deadline = time.monotonic() + 60
    while server not in here.ready:
        assert time.monotonic() < deadline, f"{server} does not become ready"
        time.sleep(_LOOK_SECONDS)
