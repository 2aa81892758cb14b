"""A real HTTP server on loopback that serves a folder as object stores do, part by part, over a line that can be
cut."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


class Serving(ThreadingHTTPServer):
    """At `address`. `sent` counts bytes of bodies; once they are as many as `cut_after`, each connection breaks off.
    With `gives_parts` false each answer is the whole file, whatever part of it was asked for."""

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folder, self.sent = folder, 0
        self.cut_after: int | None = None
        self.gives_parts = True
        self.address = f"http://127.0.0.1:{self.server_address[1]}/backups"

    @contextmanager
    def running(self) -> Iterator["Serving"]:
        thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield self
        finally:
            self.shutdown()
            thread.join()
            self.server_close()


class _Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Serving

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def log_message(self, *_: Any) -> None:
        """Nothing is logged."""

    def _answer(self, *, with_body: bool) -> None:
        file = self.server.folder / Path(self.path).name
        if not file.is_file():
            self.send_error(404)
            return
        data = file.read_bytes()
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if asked and self.server.gives_parts:
            start, end = int(asked[1]), min(int(asked[2] or len(data)), len(data) - 1)
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{end}/{len(data)}")
            data = data[start : end + 1]
        else:
            self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if with_body:
            self._send(data)

    def _send(self, data: bytes) -> None:
        limit = self.server.cut_after
        passing = data if limit is None else data[: max(0, limit - self.server.sent)]
        self.wfile.write(passing)
        self.server.sent += len(passing)
        if len(passing) < len(data):
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
