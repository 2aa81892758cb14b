"""Nearest passages: a cache of the vectors in the store, in memory, with a file to start from."""

import logging
from collections.abc import Collection
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from threading import Lock
from typing import IO

from retrieval.embedding.base import Vectors
from retrieval.errors import StorageError
from retrieval.index.embedded.document_database import DocumentDatabase
from retrieval.index.embedded.faiss_index import SAMPLE, ApproximateRows, ExactRows, FaissRows
from retrieval.index.embedded.read_write_lock import ReadWriteLock
from retrieval.index.embedded.stamp import NO_STAMP, Stamp
from retrieval.index.embedded.vector_file import (
    DamagedVectorsError,
    Header,
    is_sound,
    read_header,
    read_vectors,
    write_vectors,
)

_BATCH = 10_000
_OUTGROWN = 100_000
"""Passages from which on the approximate index is the faster one (2.5 ms a question either way)."""
_SAVED_SHARE = 100
"""The file is written again when more than one passage of so many came or went: what it lacks is replayed in less
time than opening takes, and adding a little to a large index does not write all of it."""
_log = logging.getLogger(__name__)


class VectorIndex:
    """The passages nearest to a question: exact while they are few; when they are many an approximate index is
    trained beside the one that answers, and takes its place."""

    def __init__(self, path: Path, dimension: int) -> None:
        self._path = path
        self._dimension = dimension
        self._rows: FaissRows | None = None  # loaded with the first question: listing documents needs no vectors
        self._stamp = self._saved = NO_STAMP
        self._lock = ReadWriteLock()
        self._trainer = ThreadPoolExecutor(1, "training")
        self._training: Future[tuple[FaissRows, Stamp]] | None = None
        self._unproven: IO[bytes] | None = None  # the file that the rows came from, until its checksum is compared
        self._is_damaged = self._is_remade = False  # what came from there is wrong; it is being read once more
        self._proving = Lock()

    def __len__(self) -> int:
        return len(self._rows) if self._rows is not None else 0

    def catch_up(self, store: DocumentDatabase) -> None:
        """Replay what the store has and this has not. One thread at a time; others may search."""
        if self._rows is None:
            self._load()
        target = store.stamp()
        is_trained = self._training is not None and self._training.done()
        if self._stamp == target and not is_trained:
            return
        with self._lock.writing():  # nobody sees the trained one, or an empty one, before all is replayed
            if is_trained:
                self._adopt()
            # No stamp until then: what Ctrl-C or an error leaves halfway is made anew.
            since, self._stamp = self._stamp, NO_STAMP
            if not store.continues(since):
                self._rows, since, self._is_damaged = ExactRows.empty(self._dimension), NO_STAMP, False
            assert self._rows is not None
            self._rows = _replayed(self._rows, store, since.seq, target.seq)
            self._stamp = target
        if isinstance(self._rows, ExactRows) and len(self._rows) > _OUTGROWN and self._training is None:
            self._training = self._trainer.submit(_trained, self._rows.copy(), target)

    def search(self, vector: Vectors, count: int, within: Collection[int] | None = None) -> dict[int, float]:
        """Cosine by key of the `count` nearest passages, or of those `within`; vector has shape (dimension,)."""
        with self._lock.reading():
            return self._rows.search(vector, count, within) if self._rows is not None else {}

    def is_stale(self, store: DocumentDatabase) -> bool:
        """Whether so much has changed since the file was written that it should be written again."""
        saved, now = self._header().stamp, store.stamp()
        if saved == now:
            return False
        return not store.continues(saved) or store.changes_since(saved.seq) * _SAVED_SHARE > store.counts()[1]

    def save(self, store: DocumentDatabase) -> None:
        """Write the file as the store is; it replaces the old one whole or not at all."""
        self.catch_up(store)
        if not self.is_sound():  # before what is wrong in it gets a checksum that is right
            self.make_anew(store)
        self.wait()
        self.catch_up(store)
        if self._saved == self._stamp or self._rows is None or self._is_damaged:
            return
        write_vectors(self._path, self._rows, self._stamp)
        self._saved = self._stamp

    def is_sound(self) -> bool:
        """Whether the rows come from what was written. Their file is read through for that, once."""
        with self._proving:
            if self._unproven is not None:
                with self._unproven as file:
                    self._is_damaged = not is_sound(file)
                self._unproven = None
            return not self._is_damaged

    def make_anew(self, store: DocumentDatabase) -> None:
        """Read the rows from the store once more, beside those that answer; they take their place with the next
        `catch_up` after that. As `catch_up` for one thread at a time."""
        if not self._is_remade:
            _log.warning("%s is damaged; it is rebuilt from the database", self._path)
            self._saved, self._is_remade = NO_STAMP, True
            self._training = self._trainer.submit(_anew, store, self._dimension)

    def wait(self) -> None:
        """Until what is made beside the rows is there, for `catch_up` to put it in their place."""
        if self._training is not None:
            wait([self._training])

    def close(self) -> None:
        self._trainer.shutdown(wait=False)  # what it makes, nobody waits for any more
        with self._proving:
            if self._unproven is not None:
                self._unproven.close()
                self._unproven = None

    def cost(self) -> tuple[str, int]:
        """The kind of index, and the bytes that it takes in memory."""
        if self._rows is not None:
            return self._rows.kind, self._rows.bytes
        header = self._header()
        return header.kind, header.memory

    def _adopt(self) -> None:
        """Take what was made beside; when that failed, stay with what there is."""
        assert self._training is not None
        training, self._training = self._training, None
        is_remade, self._is_remade = self._is_remade, False
        try:
            self._rows, self._stamp = training.result()
            self._is_damaged = self._is_damaged and not is_remade
        except (RuntimeError, MemoryError, StorageError) as error:
            _log.warning("The vectors in memory stay as they are: no others could be made: %s", error)

    def _load(self) -> None:
        self._rows = ExactRows.empty(self._dimension)
        try:
            file = self._path.open("rb")
        except FileNotFoundError:
            return
        except OSError as error:
            _log.warning("%s is rebuilt from the database: %s", self._path, error)
            return
        try:
            self._rows, header = read_vectors(file, self._dimension)
        except (DamagedVectorsError, OSError) as error:
            file.close()
            _log.warning("%s is rebuilt from the database: %s", self._path, error)
            return
        self._unproven = file
        self._stamp = self._saved = header.stamp

    def _header(self) -> Header:
        """Of the file, as far as it is known; without reading the rest."""
        if self._rows is not None:
            return Header(self._saved, self._rows.kind, self._rows.bytes)
        try:
            return read_header(self._path)
        except (DamagedVectorsError, OSError):
            return Header(NO_STAMP, ExactRows.kind, 0)


def _trained(rows: ExactRows, stamp: Stamp) -> tuple[FaissRows, Stamp]:
    return ApproximateRows.of(rows), stamp


def _anew(store: DocumentDatabase, dimension: int) -> tuple[FaissRows, Stamp]:
    target = store.stamp()
    return _replayed(ExactRows.empty(dimension), store, 0, target.seq), target


def _replayed(rows: FaissRows, store: DocumentDatabase, since: int, upto: int) -> FaissRows:
    """The rows with what came and without what went after `since`; others in their place when these are too few for
    what comes."""
    removed = store.removed_since(since, upto)
    if removed:
        rows.remove(removed)
    added = store.added_since(since, upto)
    if not len(rows) and len(added) > _OUTGROWN:
        rows = ApproximateRows.trained(store.vectors.own(added[:: -(-len(added) // SAMPLE)])[1])
    for start in range(0, len(added), _BATCH):
        # Without what another process removed since the keys were read.
        rows.add(*store.vectors.own(added[start : start + _BATCH]))
    return rows
