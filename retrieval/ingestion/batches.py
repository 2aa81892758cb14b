"""What is read ahead: files in batches that are embedded and stored together."""

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
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
"""After which reading is stopped again: the file at hand may not have come to its reader before."""


@dataclass(frozen=True, slots=True)
class PreparedDocument:
    """A document that is cut but not embedded; `texts` are those that want a vector, by key."""

    indexed: IndexedDocument
    texts: Mapping[bytes, str]
    is_new: bool

    def __post_init__(self) -> None:
        freeze(self, "texts")


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

    def take(self, source: Source) -> None:
        path, read = source
        self.files.append(path)
        try:
            prepared = read()
        except DocumentError as error:
            self.failures.append(error)
            return
        if prepared is not None:
            self.prepared.append(prepared)
            self.texts |= prepared.texts
            self.characters += len(prepared.indexed.document.text)

    def is_full(self) -> bool:
        sizes = (len(self.texts), _BATCH_TEXTS), (len(self.files), _BATCH_FILES), (self.characters, _BATCH_CHARACTERS)
        return any(size >= limit for size, limit in sizes)

    def passages(self) -> int:
        return sum(len(entry.indexed.passages) for entry in self.prepared)


def _batches(sources: Iterable[Source], stopped: Event) -> Iterator[Batch]:
    batch = Batch()
    for source in sources:
        if stopped.is_set():
            return
        batch.take(source)
        if batch.is_full():
            yield batch
            batch = Batch()
    if batch.files:
        yield batch


def batches_ahead(sources: Iterable[Source]) -> Generator[Batch, None, None]:
    """The batches, each read in a thread of its own while the one before it is in use."""
    stopped = Event()
    reading = _batches(sources, stopped)
    with ThreadPoolExecutor(1) as pool:
        try:
            coming = pool.submit(next, reading, None)
            while (batch := coming.result()) is not None:
                coming = pool.submit(next, reading, None)
                yield batch
        finally:
            stopped.set()  # nobody waits for the rest of a batch any more
            while not coming.done():
                reader_process.stop()  # nor for the file at hand, which may take minutes
                wait([coming], _AGAIN_SECONDS)
