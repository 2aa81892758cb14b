"""The real server in a process of its own, and whoever calls it."""

import http.client
import json
import os
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.support.forked import started

ROOT = Path(__file__).resolve().parents[2]
_START_SECONDS = 300
_CALL_SECONDS = 300


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    data: bytes

    @property
    def text(self) -> str:
        return self.data.decode("utf-8")

    @property
    def json(self) -> Any:
        return json.loads(self.data)


@dataclass
class Server:
    """Started by `start`; `settings` are variables without WENJU_. What it wrote lies in `log`."""

    home: Path
    settings: dict[str, str] = field(default_factory=dict)
    command: tuple[str, ...] = ("-m", "tests.web.paper")
    place: str = ""

    def environment(self) -> dict[str, str]:
        outside = {name: value for name, value in os.environ.items() if not name.startswith("WENJU_")}
        cache = {name: os.environ[name] for name in ("WENJU_CACHE_DIR",) if name in os.environ}
        ours = {"WENJU_HOME": str(self.home), "WENJU_WEB__PORT": "0", "PYTHONPATH": str(ROOT)}
        chosen = {f"WENJU_{name}": value for name, value in self.settings.items()}
        return {**outside, **cache, **ours, **chosen, "PYTHONUNBUFFERED": "1"}

    def start(self) -> "Server":
        """Start it and wait until it says at which address it answers."""
        self.process = started(self.command, self.environment(), self.file)
        deadline = time.monotonic() + _START_SECONDS
        while not (told := [word for word in self.log.split() if word.startswith("http://")]):
            assert self.process.poll() is None and time.monotonic() < deadline, self.log
            time.sleep(0.02)
        self.place = urlsplit(told[0]).netloc
        return self

    @property
    def file(self) -> Path:
        return self.home.with_name(f"{self.home.name}.log")

    @property
    def log(self) -> str:
        return self.file.read_text("utf-8")

    def call(
        self, method: str, path: str, body: Any = None, *, key: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:  # fmt: skip
        """One call; a body that is not bytes, nor gives them, is sent as JSON."""
        sent = dict(headers or {})
        if key is not None:
            sent["Authorization"] = f"Bearer {key}"
        if body is not None and not isinstance(body, bytes) and not hasattr(body, "__next__"):
            body = json.dumps(body).encode()
            sent.setdefault("Content-Type", "application/json")
        connection = http.client.HTTPConnection(self.place, timeout=_CALL_SECONDS)
        try:
            connection.request(method, path, body, sent, encode_chunked=hasattr(body, "__next__"))
            response = connection.getresponse()
            return Reply(response.status, response.headers, response.read())
        finally:
            connection.close()

    def get(self, path: str, **more: Any) -> Reply:
        return self.call("GET", path, **more)

    def ask(self, question: str, *, key: str | None = None, **more: Any) -> Reply:
        return self.call("POST", "/api/ask", {"question": question, **more}, key=key)

    def stop(self) -> int:
        """SIGTERM: the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(10)
