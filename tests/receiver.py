"""A receiver of webhooks of its own: a real HTTP server that keeps what came in and answers as the test says."""

import socket
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

CHUNK = b"x" * 65_536


class Got(NamedTuple):
    """One request."""

    path: str
    headers: dict[str, str]
    body: bytes


Answer = Callable[[Got], "tuple[int, dict[str, str], bytes]"]


class Receiver:
    """Listens on loopback. ``answer`` decides what each request gets; 200 with nothing in it otherwise. ``held``: let
    nobody have an answer until it is set."""

    def __init__(self, answer: Answer | None = None) -> None:
        self.got: list[Got] = []
        self.answer = answer
        self.held: threading.Event | None = None
        self.changed = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(60)

    def __enter__(self) -> "Receiver":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def wait_for(self, count: int, within_s: float = 90.0) -> list[Got]:
        """The first ``count`` requests, once they have come."""
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.got) >= count, within_s), self.got
            return self.got[:count]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                got = Got(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
                with receiver.changed:
                    receiver.got.append(got)
                    receiver.changed.notify_all()
                if receiver.held is not None:
                    receiver.held.wait(90)
                status, headers, answer = receiver.answer(got) if receiver.answer else (200, {}, b"")
                try:
                    self.send_response(status)
                    for name, value in headers.items():
                        self.send_header(name, value)
                    self.send_header("content-length", str(len(answer)))
                    self.end_headers()
                    self.wfile.write(answer)
                except OSError:
                    self.close_connection = True

            def log_message(self, format: str, *args: Any) -> None:
                pass

        return Handler


class Raw:
    """A listener that says ``first`` to everybody and then ``then`` for ever, slowly where ``pause_s`` says so."""

    def __init__(self, first: bytes, then: bytes, pause_s: float = 0.0) -> None:
        self._first, self._then, self._pause_s = first, then, pause_s
        self.sent = 0
        self._over = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def __enter__(self) -> "Raw":
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._listener.close()
        self._thread.join(60)

    def _serve(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except OSError:
            return
        with connection:
            try:
                connection.recv(65_536)
                connection.sendall(self._first)
                while not self._over.wait(self._pause_s):
                    connection.sendall(self._then)
                    self.sent += len(self._then)
            except OSError:
                pass
