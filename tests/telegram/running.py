"""The real `wenju bot` in a process of its own."""

import json
import os
import signal
import socket
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.forked import started
from tests.telegram.fake import FakeTelegram

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class RunningBot:
    """Started by `start`; `settings` are variables without WENJU_. What it wrote, each time, lies in `log`."""

    fake: FakeTelegram
    home: Path
    settings: dict[str, str] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        ours = {"WENJU_HOME": str(self.home), **self.fake.environment}
        chosen = {f"WENJU_{name}": value for name, value in self.settings.items()}
        outside = {name: value for name, value in os.environ.items() if not name.startswith("WENJU_")}
        cache = {name: os.environ[name] for name in ("WENJU_CACHE_DIR",) if name in os.environ}
        return {**outside, **cache, **ours, **chosen, "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT)}

    def start(self, *, wait: bool = True) -> "RunningBot":
        """Start it and wait until it listens."""
        before = len(self.fake.of("getUpdates"))
        self.process = started(self.command, self.environment(), self.file)
        if wait:
            self.fake.wait(lambda: len(self.fake.of("getUpdates")) > before or self.process.poll() is not None, 60)
            assert self.process.poll() is None, self.log
        return self

    @property
    def command(self) -> list[str]:
        return ["-m", "bot.cli", "bot"]

    @property
    def file(self) -> Path:
        return self.home.with_name(f"{self.home.name}.log")

    @property
    def log(self) -> str:
        return self.file.read_text("utf-8")

    def suggested(self) -> list[str] | None:
        """The questions to offer that it has found; None before it has looked."""
        with closing(sqlite3.connect(self.home / "bot.db")) as database:
            rows = database.execute("SELECT questions FROM suggestions").fetchall()
        return [question for _, question in json.loads(rows[-1][0])] if rows else None

    def terminate(self) -> tuple[int, float]:
        """SIGTERM: the exit code, and the seconds that it took."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30), time.monotonic() - began

    def kill(self) -> None:
        """SIGKILL."""
        self.process.kill()
        self.process.wait(10)


@dataclass
class PaperBot(RunningBot):
    """The same with an embedder to work out on paper and no reader, which is forked and starts at once."""

    @property
    def command(self) -> list[str]:
        return ["-m", "tests.telegram.paper"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
