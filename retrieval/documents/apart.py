"""Reading in a process of its own, under limits: a file that makes its reader crash, or want more memory or time than
the settings allow, is an error of that file alone.

One such process serves a whole run, file by file, and ends when nothing is asked of it for a while. It is given no
setting and no secret, nothing but the file, and what it replies is JSON.
"""

import atexit
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from config.settings import PREFIX, DocumentSettings
from retrieval.documents.packed import to_bytes, unpack
from retrieval.errors import DocumentError
from retrieval.types import Document

_PATIENCE = 4
"""Seconds that pass for each of processor time: others may be busy on the machine."""


def read(path: Path, data: bytes, limits: DocumentSettings) -> Document:
    """The document that the bytes of the file hold. Raises DocumentError. Files are read one at a time."""
    with _one_at_a_time:
        for is_last in (False, True):
            child = _child_for(limits)
            try:
                return _document(path, child.ask(path, data), limits)
            except _EndedError as ended:
                child.stop()
                if is_last or ended.is_certain or child.is_first:  # else what it read before may be at fault
                    raise DocumentError(path, ended.reason, "limits") from None
            except BaseException as error:
                if not isinstance(error, DocumentError):
                    child.stop()  # in the middle of a reply
                raise
        raise AssertionError


class _EndedError(Exception):
    """The process came to its end over a file; `is_certain` when another would too."""

    def __init__(self, reason: str, *, is_certain: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_certain = is_certain


class _Child:
    def __init__(self, limits: DocumentSettings) -> None:
        self._limits = limits
        self._asked = 0
        # -P: a file in the working folder is never taken for a module.
        command = [sys.executable, "-P", "-m", "retrieval.documents.child"]
        self._process = subprocess.Popen(
            [*command, str(limits.memory_megabytes), str(limits.seconds)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env={name: value for name, value in os.environ.items() if not name.upper().startswith(PREFIX)},
        )  # fmt: skip

    @property
    def is_first(self) -> bool:
        """Whether it was asked for one file only."""
        return self._asked == 1

    def serves(self, limits: DocumentSettings) -> bool:
        return self._limits == limits and self._process.poll() is None

    def ask(self, path: Path, data: bytes) -> dict[str, Any]:
        """Its reply. Raises _EndedError."""
        self._asked += 1
        assert self._process.stdin is not None and self._process.stdout is not None
        late = threading.Event()

        def end() -> None:
            late.set()
            self._process.kill()

        timer = threading.Timer(self._limits.seconds * _PATIENCE, end)
        timer.start()
        try:
            self._process.stdin.write(to_bytes({"path": str(path), "bytes": len(data)}) + data)
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = b""
        finally:
            timer.cancel()
        if not line.endswith(b"\n"):
            raise self._end(late.is_set())
        reply: dict[str, Any] = json.loads(line)
        return reply

    def stop(self) -> None:
        self._process.kill()
        self._process.communicate()

    def _end(self, is_late: bool) -> _EndedError:
        try:
            code = self._process.wait(1)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        if is_late or code == -getattr(signal, "SIGXCPU", 0):
            reason = f"takes more than {self._limits.seconds:g} s to read (setting documents.seconds)"
            return _EndedError(reason, is_certain=True)
        how = signal.Signals(-code).name if code < 0 else f"exit {code}"
        return _EndedError(f"makes its reader crash ({how}): broken, or made to want too much memory")


def _document(path: Path, reply: dict[str, Any], limits: DocumentSettings) -> Document:
    if "document" in reply:
        try:
            return unpack(path, reply["document"])
        except (KeyError, TypeError, ValueError) as error:
            raise _EndedError("makes its reader reply with nonsense") from error
    if "memory" in reply:
        raise _EndedError(
            f"takes more than {limits.memory_megabytes} MB of memory to read (setting documents.memory_megabytes)"
        )
    raise DocumentError(path, reply["reason"], reply["kind"])


_one_at_a_time = threading.Lock()
_children: list[_Child] = []
"""The one that is at hand, if any."""


def _child_for(limits: DocumentSettings) -> _Child:
    if not (_children and _children[0].serves(limits)):
        _stop()
        _children.append(_Child(limits))
    return _children[0]


def _stop() -> None:
    while _children:
        _children.pop().stop()


atexit.register(_stop)
os.register_at_fork(after_in_child=_children.clear)
