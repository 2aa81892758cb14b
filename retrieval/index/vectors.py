"""Nearest passages: a cache of the vectors in the store, in memory, with a file to start from."""

import hashlib
import json
import logging
import os
import struct
from collections.abc import Collection
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import IO, Any

from retrieval.embedding.base import Vectors
from retrieval.index.gate import Gate
from retrieval.index.nearest import SAMPLE, Approximate, Exact, Rows, read, write
from retrieval.index.stamp import NO_STAMP, Stamp
from retrieval.index.store import Store

_MAGIC = b"WJVEC2\n"
_BATCH = 10_000
_OUTGROWN = 100_000
"""Passages from which on the approximate index is the faster one (2.5 ms a question either way)."""
_SAVED_SHARE = 100
"""The file is written again when more than one passage of so many came or went: what it lacks is replayed in less
time than opening takes, and adding a little to a large index does not write all of it."""
_TRAINING = ThreadPoolExecutor(1, "training")
_log = logging.getLogger(__name__)


class _Hashed:
    """Writes through to a file and hashes what it writes."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.sha256 = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.sha256.update(data)
        return self._file.write(data)


class VectorCache:
    """The passages nearest to a question: exact while they are few; when they are many an approximate index is
    trained beside the one that answers, and takes its place.

    The file: magic, u32 length of a JSON header (stamp of the store, kind, bytes in memory), the rows, SHA-256 of all
    before.
    """

    def __init__(self, path: Path, dimension: int) -> None:
        self._path = path
        self._dimension = dimension
        self._rows: Rows | None = None  # loaded with the first question: listing documents needs no vectors
        self._stamp = self._saved = NO_STAMP
        self._gate = Gate()
        self._training: Future[tuple[Rows, Stamp]] | None = None

    def __len__(self) -> int:
        return len(self._rows) if self._rows is not None else 0

    def catch_up(self, store: Store) -> None:
        """Replay what the store has and this has not. One thread at a time; others may search."""
        if self._rows is None:
            self._load()
        target = store.stamp()
        is_trained = self._training is not None and self._training.done()
        if self._stamp == target and not is_trained:
            return
        with self._gate.changing():  # nobody sees the trained one, or an empty one, before all is replayed
            if is_trained:
                self._adopt()
            # No stamp until then: what Ctrl-C or an error leaves halfway is made anew.
            since, self._stamp = self._stamp, NO_STAMP
            if not store.continues(since):
                self._rows, since = Exact.empty(self._dimension), NO_STAMP
            self._replay(store, since.seq, target.seq)
            self._stamp = target
        if isinstance(self._rows, Exact) and len(self._rows) > _OUTGROWN and self._training is None:
            self._training = _TRAINING.submit(_trained, self._rows.copy(), target)

    def search(self, vector: Vectors, count: int, within: Collection[int] | None = None) -> dict[int, float]:
        """Cosine by key of the `count` nearest passages, or of those `within`; vector has shape (dimension,)."""
        with self._gate.looking():
            return self._rows.search(vector, count, within) if self._rows is not None else {}

    def is_stale(self, store: Store) -> bool:
        """Whether so much has changed since the file was written that it should be written again."""
        saved, now = self._header()[0], store.stamp()
        if saved == now:
            return False
        return not store.continues(saved) or store.changes_since(saved.seq) * _SAVED_SHARE > store.counts()[1]

    def save(self, store: Store) -> None:
        """Write the file as the store is; it replaces the old one whole or not at all."""
        self.catch_up(store)
        if self._training is not None:
            wait([self._training])
            self.catch_up(store)
        if self._saved == self._stamp or self._rows is None:
            return
        header = json.dumps({"stamp": self._stamp, "kind": self._rows.kind, "memory": self._rows.bytes}).encode()
        temporary = self._path.with_name(f"{self._path.name}.{os.getpid()}.tmp")
        try:
            with temporary.open("wb") as file:
                hashed = _Hashed(file)
                hashed.write(_MAGIC + struct.pack("<I", len(header)) + header)
                write(self._rows, hashed.write)
                file.write(hashed.sha256.digest())
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(self._path)
        finally:
            temporary.unlink(missing_ok=True)
        self._saved = self._stamp

    def cost(self) -> tuple[str, int]:
        """The kind of index, and the bytes that it takes in memory."""
        if self._rows is not None:
            return self._rows.kind, self._rows.bytes
        return self._header()[1:]

    def _adopt(self) -> None:
        """Take what was trained; when that failed, stay with what there is."""
        assert self._training is not None
        training, self._training = self._training, None
        try:
            self._rows, self._stamp = training.result()
        except (RuntimeError, MemoryError) as error:
            _log.warning("The vectors stay exact: no approximate index could be trained: %s", error)

    def _replay(self, store: Store, since: int, upto: int) -> None:
        assert self._rows is not None
        removed = store.removed_since(since, upto)
        if removed:
            self._rows.remove(removed)
        added = store.added_since(since, upto)
        if not len(self._rows) and len(added) > _OUTGROWN:
            self._rows = Approximate.trained(store.vectors.own(added[:: -(-len(added) // SAMPLE)])[1])
        for start in range(0, len(added), _BATCH):
            # Without what another process removed since the keys were read.
            self._rows.add(*store.vectors.own(added[start : start + _BATCH]))

    def _load(self) -> None:
        self._rows = Exact.empty(self._dimension)
        try:
            with self._path.open("rb") as file:
                _check(file)
                header = _read_header(file)
                rows = read(header["kind"], file)
            if rows.dimension != self._dimension:
                raise ValueError("dimension differs")
        except FileNotFoundError:
            return
        except (OSError, ValueError, KeyError, TypeError, RuntimeError, struct.error) as error:
            _log.warning("%s is rebuilt from the database: %s", self._path, error)
            return
        self._rows = rows
        self._stamp = self._saved = _stamp_of(header)

    def _header(self) -> tuple[Stamp, str, int]:
        """The stamp of the file, its kind and bytes, without reading the rest."""
        if self._rows is not None:
            return self._saved, self._rows.kind, self._rows.bytes
        try:
            with self._path.open("rb") as file:
                header = _read_header(file)
            return _stamp_of(header), str(header["kind"]), int(header["memory"])
        except (OSError, ValueError, KeyError, TypeError, struct.error):
            return NO_STAMP, Exact.kind, 0


def _trained(rows: Exact, stamp: Stamp) -> tuple[Rows, Stamp]:
    return Approximate.of(rows), stamp


def _stamp_of(header: dict[str, Any]) -> Stamp:
    uuid, seq, token = header["stamp"]
    return Stamp(str(uuid), int(seq), str(token))


def _check(file: IO[bytes]) -> None:
    """Compare the checksum; the file stands at its beginning afterwards."""
    end = file.seek(0, os.SEEK_END) - hashlib.sha256().digest_size
    file.seek(0)
    sha256, left = hashlib.sha256(), max(0, end)
    while left and (data := file.read(min(left, 2**20))):
        sha256.update(data)
        left -= len(data)
    if sha256.digest() != file.read():
        raise ValueError("the checksum differs")
    file.seek(0)


def _read_header(file: IO[bytes]) -> dict[str, Any]:
    if file.read(len(_MAGIC)) != _MAGIC:
        raise ValueError("not a vector cache")
    (length,) = struct.unpack("<I", file.read(4))
    header: dict[str, Any] = json.loads(file.read(min(length, 10_000)))
    return header
