"""Reading in a process of its own, under limits: a file that makes its reader crash, or want more memory or time than
the settings allow, is an error of that file alone.

One such process, or some beside each other, serve a whole run, file by file, and end when nothing is asked of them
for a while. They are given no setting and no secret, nothing but the file; what may happen in them is told in
`process_limits.py`.
"""

import atexit
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar, get_args

from config.settings import DocumentSettings
from retrieval.documents.isolation.exchange import ClosedError, EarlyError, LateError, NonsenseError, exchange
from retrieval.documents.isolation.extras import may_recognise
from retrieval.documents.isolation.libreoffice import Converter
from retrieval.documents.isolation.packed import Frame, Picture, text_limit, unpack, unpack_picture
from retrieval.documents.isolation.reader_command import ROOT, command
from retrieval.documents.isolation.reader_pool import ReaderPool
from retrieval.documents.isolation.stopping import kill_group
from retrieval.errors import DocumentError, DocumentFault
from retrieval.types import Document

T = TypeVar("T")
_PATIENCE = 4  # seconds that pass for each of processor time: others may be busy on the machine
_START_SECONDS = 60
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT")
"""What it is given of the environment: anything else may be a secret."""
_FEW = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}
"""Each thread would reserve memory, which the limit counts."""


_SIGNALS = {member.value: member.name for member in signal.Signals}
_KINDS: dict[str, DocumentFault] = {kind: kind for kind in get_args(DocumentFault)}


class ReaderProcess:
    """Reads files, one at a time, in a process that is started when it is needed."""

    def __init__(self, command: Callable[[DocumentSettings], Sequence[str]] = command) -> None:
        self._command = command
        self._child: _Child | None = None
        self._converter = Converter()
        self._one_at_a_time = threading.Lock()

    def read(self, path: Path, data: bytes, limits: DocumentSettings) -> Document:
        """The document that the bytes of the file hold. Raises DocumentError."""
        with self._one_at_a_time:
            try:
                readable, content = self._converter.as_readable(path, data, limits)
            except OSError as error:  # no room for LibreOffice's folder, or no process
                raise DocumentError(path, f"cannot be converted: {error.strerror or error}", "other") from error
            return self._ask(path, Frame({"path": str(readable)}, content), limits, partial(unpack, path))

    def draw(self, path: Path, data: bytes, limits: DocumentSettings, page: int, quoted: str) -> Picture:
        """A page of a PDF, from 1 on, with a box around what is quoted. Raises DocumentError."""
        asked = Frame({"path": str(path), "page": page, "quoted": quoted}, data)
        with self._one_at_a_time:
            return self._ask(path, asked, limits, unpack_picture)

    def _ask(self, path: Path, asked: Frame, limits: DocumentSettings, unpacked: Callable[[Frame], T]) -> T:
        while True:
            child = self._child_for(path, limits)
            try:
                return child.ask(path, asked, unpacked)
            except _EndedError as ended:
                child.stop()
                if not (ended.was_idle and child.asked > 1):  # else it was not this file
                    raise DocumentError(path, ended.reason, "limits") from None
            except DocumentError:
                raise
            except BaseException:
                child.stop()  # in the middle of a reply
                raise

    def stop(self) -> None:
        """End the process, also in the middle of a file, which then is an error."""
        self._converter.stop()
        child = self._child
        if child is None:
            return
        child.end()
        if self._one_at_a_time.acquire(blocking=False):  # else who is reading learns that it ended
            child.stop()
            self._one_at_a_time.release()

    def forget(self) -> None:
        """In a fork: the process belongs to the one that was forked."""
        self._one_at_a_time = threading.Lock()
        self._converter.forget()
        if self._child is not None:
            self._child.forget()
            self._child = None

    def _child_for(self, path: Path, limits: DocumentSettings) -> "_Child":
        if self._child is None or not self._child.serves(limits):
            if self._child is not None:
                self._child.stop()
            try:
                self._child = _Child(self._command(limits), limits)
            except OSError as error:
                reason = f"cannot be read: no process could be started for it ({error.strerror})"
                raise DocumentError(path, reason) from error
        return self._child


class _EndedError(Exception):
    """The process came to its end over a file, or, `was_idle`, before it was asked for it."""

    def __init__(self, reason: str, *, was_idle: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.was_idle = was_idle


class _Child:
    def __init__(self, command: Sequence[str], limits: DocumentSettings) -> None:
        self.asked = 0
        self._limits = limits
        self._was_stopped = False
        given = {name: value for name, value in os.environ.items() if name.upper() in _ENVIRONMENT}
        # A session of its own: no signal of the terminal reaches it, and it ends with all that it started.
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0,
            env=given | _FEW, start_new_session=True,
        )  # fmt: skip
        assert self._process.stdin is not None and self._process.stdout is not None
        self._pipes = self._process.stdin, self._process.stdout
        for pipe in self._pipes:
            os.set_blocking(pipe.fileno(), False)

    def serves(self, limits: DocumentSettings) -> bool:
        return self._limits == limits and self._process.poll() is None

    def ask(self, path: Path, asked: Frame, unpacked: Callable[[Frame], T]) -> T:
        """The reply about the file, unpacked. Raises _EndedError, or DocumentError when the process goes on."""
        if not self.asked:
            self._await_start(path)
        self.asked += 1
        is_longer = "page" not in asked.value and may_recognise(Path(asked.value["path"]))
        seconds = self._limits.seconds + (self._limits.ocr_seconds if is_longer else 0)
        try:
            reply = self._exchange(asked.to_bytes(), text_limit(self._limits.max_megabytes), seconds * _PATIENCE)
            if "memory" in reply.value:
                megabytes = self._limits.memory_megabytes
                reason = f"takes more than {megabytes} MB of memory to read (setting documents.memory_megabytes)"
                raise _EndedError(reason)
            if "reason" not in reply.value:
                return unpacked(reply)
            reason, kind = str(reply.value["reason"]), str(reply.value["kind"])
        except LateError:
            raise self._late() from None
        except ClosedError:
            raise self._ended() from None
        except (NonsenseError, ArithmeticError, LookupError, TypeError, ValueError) as error:
            is_of_another = isinstance(error, EarlyError)
            raise _EndedError("makes its reader reply with nonsense", was_idle=is_of_another) from error
        raise DocumentError(path, reason, _KINDS.get(kind, "other"))

    def end(self) -> None:
        """Called by others than the one who reads."""
        self._was_stopped = True
        self._kill()

    def stop(self) -> None:
        self._kill()
        self._process.wait()
        self._close()

    def forget(self) -> None:
        self._close()
        self._process.returncode = 0  # nothing to wait for

    def _kill(self) -> None:
        """And what it may have started."""
        kill_group(self._process)

    def _close(self) -> None:
        for pipe in self._pipes:
            pipe.close()

    def _exchange(self, message: bytes, body_limit: int, seconds: float) -> Frame:
        into, out = self._pipes
        return exchange(into.fileno(), out.fileno(), message, body_limit, seconds)

    def _await_start(self, path: Path) -> None:
        """Raises DocumentError when the process does not start, or is not of this program."""
        try:
            root = self._exchange(b"", 0, _START_SECONDS).value.get("root")
            why = None if root == ROOT else f"it is that of {root}"
        except LateError:
            why = f"it did not start within {_START_SECONDS} s"
        except ClosedError:
            self._kill()
            why = self._how()
        except NonsenseError:
            why = "it said nonsense"
        if why is not None and not self._was_stopped:
            self.stop()
            raise DocumentError(path, f"cannot be read: the process that reads files did not start ({why})")

    def _late(self) -> _EndedError:
        return _EndedError(f"takes more than {self._limits.seconds:g} s to read (setting documents.seconds)")

    def _ended(self) -> _EndedError:
        if self._was_stopped:
            return _EndedError("was not read: reading was stopped")
        self._kill()
        how = self._how()
        if how == "SIGXCPU":
            return self._late()
        crashed = f"makes its reader crash ({how}): broken, or made to want too much memory"
        return _EndedError(crashed, was_idle=how in ("SIGALRM", "exit 0"))

    def _how(self) -> str:
        """How the process ended that has closed its pipe."""
        code = self._process.wait()
        return f"exit {code}" if code >= 0 else _SIGNALS.get(-code, f"signal {-code}")


# None waits for a long file of others.
_pool, _alone, _drawing = ReaderPool(ReaderProcess), ReaderProcess(), ReaderProcess()
_shared, read_alone, draw, stop = _pool.first, _alone.read, _drawing.draw, _pool.stop
for _reader in (_pool, _alone, _drawing):
    atexit.register(_reader.stop)
    os.register_at_fork(after_in_child=_reader.forget)


def read(path: Path, data: bytes, limits: DocumentSettings) -> Document:
    """As `ReaderProcess.read`, from any number of threads, each with a process of its own."""
    with _pool.borrowed() as reader:
        return reader.read(path, data, limits)
