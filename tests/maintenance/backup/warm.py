"""A process that has everything loaded, and does each thing in a child of its own, which can be killed."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple, Self

from bot.memory.beside_the_index import beside_the_index
from config.settings import load_settings
from retrieval.errors import WenjuError
from retrieval.service import KnowledgeBase
from tests.support.paper import PaperEmbedder

ROOT = Path(__file__).resolve().parents[2]


class Outcome(NamedTuple):
    """The exit code, what was told at the end, and how many calls touched the disk."""

    code: int
    told: str
    calls: int


class Warm:
    """The process."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.maintenance.backup.warm"], cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def run(
        self, home: Path, file: Path | str, command: str, *, limit: int | None = None, calls: int | None = None
    ) -> Outcome:
        """Do it, with no file larger than `limit` bytes; killed before it touches the disk once more than `calls`
        times."""
        code, told = self._ask(str(home), str(file), command, limit, calls)
        told, _, done = told.rpartition(" ")
        return Outcome(code, told, int(done or 0))

    @contextmanager
    def running(self, home: Path, file: Path, command: str) -> Iterator[None]:
        """From its first word until the end of the block, which kills it."""
        pid, _ = self._ask(str(home), str(file), command, None, None)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGKILL)
            assert self._ask()[0] == -signal.SIGKILL

    def _ask(self, *job: object) -> tuple[int, str]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        code, told = json.loads(self._process.stdout.readline())
        return code, told


# -- what the process does -----------------------------------------------------------------------------------------


def main() -> None:
    import faiss  # noqa: F401
    import tantivy  # noqa: F401

    from retrieval.text.sounds import sounds
    from retrieval.text.tokens import tokenize

    _ = sounds(_SAMPLE), tokenize(_SAMPLE)  # they load tables
    for line in sys.stdin:
        job = json.loads(line)
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                _run(writing, *job)
            finally:
                os._exit(0)
        os.close(writing)
        told = os.read(reading, 10_000).decode()
        if job[2] in _ENDLESS:
            _say(child, told)
            sys.stdin.readline()
        _say(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), told)
        os.close(reading)


def _say(code: int, told: str) -> None:
    sys.stdout.write(json.dumps([code, told]) + "\n")
    sys.stdout.flush()


_ENDLESS, _SAMPLE = ("hold", "index"), "云溪县有食堂52处。"


def _run(writing: int, home: str, file: str, command: str, limit: int | None, calls: int | None) -> None:
    import resource
    import time

    if limit is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
    base = KnowledgeBase(load_settings(home=Path(home)), embedder=PaperEmbedder())
    beside = beside_the_index(base.settings.home)
    if command == "hold":
        with base._store.writing(5):
            os.write(writing, b"held")
            time.sleep(600)
    elif command == "index":
        for turn in range(10_000):
            path = Path(file) / f"{turn}.txt"
            path.write_text(f"第{turn}村有网格员{turn}名。", "utf-8")
            base.add([path])
            os.write(writing, b".")
    counter = _Counter(calls)
    sys.setprofile(counter)
    try:
        if command == "backup":
            base.maintenance.backup(file, beside, force=True)
        elif command == "follow":
            base.maintenance.take_newest(Path(file), beside, confirmed=True)
        else:
            base.maintenance.restore(Path(file), beside, confirmed=True)
        told = "done"
    except WenjuError as error:
        told = f"{type(error).__name__}: {error}"
    sys.setprofile(None)
    os.write(writing, f"{told} {counter.calls}".encode())


class _Counter:
    """A profile function that counts the calls that touch the disk, and kills before one."""

    def __init__(self, limit: int | None) -> None:
        self.calls, self._limit = 0, limit

    def __call__(self, _: FrameType, event: str, function: Any) -> None:
        if event != "c_call":
            return
        owner = type(getattr(function, "__self__", None)).__module__
        if owner in ("sqlite3", "_io") or getattr(function, "__module__", None) == "posix":
            if self.calls == self._limit:
                os.kill(os.getpid(), signal.SIGKILL)
            self.calls += 1


if __name__ == "__main__":
    main()
