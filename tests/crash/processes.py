"""Processes forked from a warm one: it has imported everything, and has opened nothing."""

import ctypes
import json
import os
import select
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_PATIENCE = 120
"""Seconds after which a process is ended, so that a trial ends at all."""


@dataclass
class Process:
    """A forked process, its end of a pipe to hear from it, and one to tell it something."""

    pid: int
    hears: int
    _tell: int
    _heard: bytes = b""
    is_over: bool = False
    status: int = 0

    def next(self, seconds: float = _PATIENCE) -> Any:
        """What it says next, None when it has ended or says nothing for so long."""
        end = time.monotonic() + seconds
        while b"\n" not in self._heard:
            if not select.select([self.hears], [], [], max(0, end - time.monotonic()))[0]:
                return None
            if not (data := os.read(self.hears, 65_536)):
                return None
            self._heard += data
        line, self._heard = self._heard.split(b"\n", 1)
        return json.loads(line)

    @property
    def has_more(self) -> bool:
        """Whether it has said something that was not taken yet."""
        return b"\n" in self._heard

    def rest(self, seconds: float = _PATIENCE) -> list[Any]:
        """All that it says until it ends, or says nothing for so long."""
        said = []
        while (message := self.next(seconds)) is not None:
            said.append(message)
        return said

    def tell(self) -> None:
        with suppress(BrokenPipeError):
            os.write(self._tell, b".")

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)

    def end(self) -> int:
        """Wait for it; its exit code, negative for the signal that ended it."""
        if not self.is_over:
            self.status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
            self.is_over = True
            os.close(self.hears)
            os.close(self._tell)
        return self.status


def adopt_orphans() -> None:
    """Become the parent of what killed children leave behind (Linux: prctl(2), PR_SET_CHILD_SUBREAPER)."""
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)


def has_orphans(seconds: float) -> bool:
    """Whether a process that reads files for one that was killed is still there after so long."""
    end = time.monotonic() + seconds
    children = Path(f"/proc/self/task/{threading.get_native_id()}/children")
    while any(_READER in _command(pid) for pid in children.read_text("ascii").split()):
        if time.monotonic() > end:
            return True
        time.sleep(0.05)
    return False


_READER = b"retrieval.documents.reader_child"


def _command(pid: str) -> bytes:
    """Empty for one that has ended."""
    try:
        return Path("/proc", pid, "cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def together(processes: Iterable[Process]) -> Iterator[Any]:
    """What any of the processes says, until all have ended."""
    running = {process.hears: process for process in processes}
    while running:
        for pipe in select.select(list(running), [], [])[0]:
            process = running[pipe]
            if (said := process.next()) is None:
                running.pop(pipe).end()
            while said is not None:
                yield said
                said = process.next() if process.has_more else None


Say = Callable[[Any], None]
Wait = Callable[[float], bool]
"""Waits to be told something for so many seconds at most; whether it was."""


def fork(work: Callable[[Say, Wait], None], patience: int = _PATIENCE) -> Process:
    """Start a process that does the work and ends. What goes wrong in it is said as {"error": …}."""
    hear, says = os.pipe()
    told, tell = os.pipe()
    if pid := os.fork():
        os.close(says)
        os.close(told)
        return Process(pid, hear, tell)
    os.close(hear)
    os.close(tell)
    os.setsid()
    signal.alarm(patience)
    code = 1

    def say(what: Any) -> None:
        os.write(says, json.dumps(what).encode() + b"\n")

    try:
        work(say, lambda seconds: bool(select.select([told], [], [], seconds)[0]))
        code = 0
    except BaseException:  # noqa: BLE001 - whatever it is, it is told
        with suppress(BrokenPipeError):
            say({"error": traceback.format_exc()})
    finally:
        try:
            _end_readers()
        finally:
            os._exit(code)


def _end_readers() -> None:
    from retrieval.documents.isolation import reader_process

    reader_process.stop()  # os._exit leaves out what atexit would do
