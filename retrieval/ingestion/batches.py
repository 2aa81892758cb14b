"""What is read ahead: files in batches that are embedded and stored together.

Files are read beside each other where they are waited for, and come into batches in their order: an index is
the same however many are read at a time.
"""

import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

from retrieval.documents.isolation import reader_process
from retrieval.errors import DocumentError
from retrieval.frozen_dict import freeze
from retrieval.index.base import IndexedDocument

_BATCH_TEXTS = 512
"""Texts of a batch, over the borders of documents: enough that texts of like length meet and waste little padding,
few enough that an interruption costs seconds."""
_BATCH_FILES = 256
"""Files of a batch at most, so that a run over unchanged files is seen to go on."""
_BATCH_CHARACTERS = 1_000_000
"""Characters from which on a batch is full however few of its texts are different, for memory's sake."""

_AGAIN_SECONDS = 0.1
"""After which reading is stopped again, for the file at hand may not have come to its reader before; and after which
is looked whether one more may be read."""
_WORTH_SECONDS = 1.0
"""Twice what it takes to start a process that reads: so long is waited before one more file is read at a time."""


@dataclass(frozen=True, slots=True)
class PreparedDocument:
    """A document that is cut but not embedded; `texts` are those that want a vector, by key."""

    indexed: IndexedDocument
    texts: Mapping[bytes, str]
    is_new: bool

    def __post_init__(self) -> None:
        freeze(self, "texts")

    @property
    def characters(self) -> int:
        return len(self.indexed.document.text)


Source = tuple[Path, Callable[[], PreparedDocument | None]]
"""A file with how to read it; None when it is unchanged. Raises DocumentError."""


@dataclass(slots=True)
class Batch:
    """What is read, embedded and stored together."""

    files: list[Path] = field(default_factory=list)
    prepared: list[PreparedDocument] = field(default_factory=list)
    failures: list[DocumentError] = field(default_factory=list)
    texts: dict[bytes, str] = field(default_factory=dict)
    characters: int = 0

    def take(self, path: Path, read: Callable[[], PreparedDocument | None]) -> None:
        self.files.append(path)
        try:
            prepared = read()
        except DocumentError as error:
            self.failures.append(error)
            return
        if prepared is not None:
            self.prepared.append(prepared)
            self.texts |= prepared.texts
            self.characters += prepared.characters

    def is_full(self) -> bool:
        sizes = (len(self.texts), _BATCH_TEXTS), (len(self.files), _BATCH_FILES), (self.characters, _BATCH_CHARACTERS)
        return any(size >= limit for size, limit in sizes)

    def passages(self) -> int:
        return sum(len(entry.indexed.passages) for entry in self.prepared)


@dataclass(slots=True)
class Reading:
    """How many files are read at a time: one at first, and one more, up to `most`, for each while that was `waited`,
    in seconds, for files that were read."""

    most: int = 1
    waited: float = 0.0
    stopped: Event = field(default_factory=Event)

    def at_a_time(self) -> int:
        return min(self.most, 1 + int(self.waited / _WORTH_SECONDS))

    def awaited(self, coming: Future[Batch | None]) -> Batch | None:
        while not coming.done():
            began = time.monotonic()
            wait([coming], _AGAIN_SECONDS)
            self.waited += time.monotonic() - began
        return coming.result()


_Read = tuple[Path, Future[PreparedDocument | None]]
_Coming = deque[_Read]


def _in_order(sources: Iterable[Source], reading: Reading) -> Generator[_Read, None, None]:
    """The sources with what was read of them. While the first is read, so is what comes after it: a batch at most."""
    rest, coming = iter(sources), _Coming()
    with ThreadPoolExecutor(reading.most) as pool:
        while not reading.stopped.is_set():
            while _has_room(coming, reading.at_a_time()) and (source := next(rest, None)) is not None:
                coming.append((source[0], pool.submit(source[1])))
            if not coming:
                return
            if coming[0][1].done():
                yield coming.popleft()
            else:
                wait([read for _, read in coming if not read.done()], _AGAIN_SECONDS, FIRST_COMPLETED)


def _has_room(coming: _Coming, at_a_time: int) -> bool:
    done = [read for _, read in coming if read.done()]
    if len(coming) - len(done) >= at_a_time or len(done) >= _BATCH_FILES:
        return False
    held = [read.result() for read in done if read.exception() is None]
    return sum(prepared.characters for prepared in held if prepared is not None) < _BATCH_CHARACTERS


def _batches(sources: Iterable[Source], reading: Reading) -> Generator[Batch | None, None, None]:
    batch = Batch()
    with closing(_in_order(sources, reading)) as read:
        for path, prepared in read:
            batch.take(path, prepared.result)
            if batch.is_full():
                yield batch
                batch = Batch()
    if batch.files and not reading.stopped.is_set():
        yield batch


def batches_ahead(sources: Iterable[Source], reading: Reading | None = None) -> Generator[Batch, None, None]:
    """The batches, read in threads of their own while the one before is in use."""
    reading = reading or Reading()
    batches = _batches(sources, reading)
    with ThreadPoolExecutor(1) as pool:
        try:
            coming = pool.submit(next, batches, None)
            while (batch := reading.awaited(coming)) is not None:
                coming = pool.submit(next, batches, None)
                yield batch
        finally:
            reading.stopped.set()  # nobody waits for the rest of a batch any more
            ended = pool.submit(batches.close)
            while wait([ended], _AGAIN_SECONDS).not_done:
                reader_process.stop()  # nor for the files at hand, which may take minutes
