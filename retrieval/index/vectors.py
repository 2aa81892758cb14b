"""Nearest passages by FAISS: a cache of the vectors in the store. The only file that imports faiss."""

import hashlib
import json
import logging
import os
import struct
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.embedding.base import Vectors
from retrieval.index.stamp import NO_STAMP, Stamp
from retrieval.index.store import Store

_MAGIC = b"WJVEC1\n"
_BATCH = 10_000
_log = logging.getLogger(__name__)


class VectorCache:
    """Exact search by inner product of unit vectors, in memory, with a file to start from.

    The file: magic, u32 length of a JSON header (stamp of the store, SHA-256 of the rest), FAISS's bytes.
    """

    def __init__(self, path: Path, dimension: int) -> None:
        self._path = path
        self._dimension = dimension
        self._index: Any = None  # loaded with the first question: listing documents needs no vectors
        self._stamp = self._saved = NO_STAMP

    def __len__(self) -> int:
        return int(self._index.ntotal) if self._index is not None else 0

    def catch_up(self, store: Store) -> None:
        """Replay what the store has and this has not."""
        target = store.stamp()
        if self._index is None:
            self._load()
        if self._stamp == target:
            return
        # No stamp until all is replayed: what Ctrl-C or an error leaves halfway is made anew.
        since, self._stamp = self._stamp, NO_STAMP
        if not store.continues(since):
            self._index, since = self._empty(), NO_STAMP
        removed = store.removed_since(since.seq, target.seq)
        if removed:
            self._index.remove_ids(np.asarray(removed, np.int64))
        added = store.added_since(since.seq, target.seq)
        for start in range(0, len(added), _BATCH):
            self._add(store, added[start : start + _BATCH])
        self._stamp = target

    def search(self, vector: Vectors, count: int, within: Collection[int] | None = None) -> dict[int, float]:
        """Cosine by key of the `count` nearest passages, or of those `within`; vector has shape (dimension,)."""
        count = min(count, len(self) if within is None else len(within))
        if count == 0:
            return {}
        only = {}
        if within is not None:
            faiss = _faiss()
            chosen = faiss.IDSelectorBatch(np.fromiter(within, np.int64, len(within)))
            only = {"params": faiss.SearchParameters(sel=chosen)}
        scores, keys = self._index.search(vector.reshape(1, -1), count, **only)
        return {int(key): float(score) for key, score in zip(keys[0], scores[0], strict=True) if key >= 0}

    def save(self) -> None:
        """Write the file when it is behind; it replaces the old one whole or not at all."""
        if self._saved == self._stamp:
            return
        faiss = _faiss()
        body = faiss.serialize_index(self._index).tobytes()
        header = {"stamp": self._stamp, "sha256": hashlib.sha256(body).hexdigest()}
        encoded = json.dumps(header).encode()
        temporary = self._path.with_name(f"{self._path.name}.{os.getpid()}.tmp")
        try:
            with temporary.open("wb") as file:
                file.write(_MAGIC + struct.pack("<I", len(encoded)) + encoded + body)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(self._path)
        finally:
            temporary.unlink(missing_ok=True)
        self._saved = self._stamp

    def _add(self, store: Store, keys: Sequence[int]) -> None:
        present, matrix = store.vectors.own(keys)  # without what another process removed since the keys were read
        if len(present):
            self._index.add_with_ids(matrix, present)

    def _empty(self) -> Any:
        faiss = _faiss()
        return faiss.IndexIDMap2(faiss.IndexFlatIP(self._dimension))

    def _load(self) -> None:
        self._index = self._empty()
        try:
            data = self._path.read_bytes()
            header, body = _split(data)
            if hashlib.sha256(body).hexdigest() != header["sha256"]:
                raise ValueError("the checksum differs")
            uuid, seq, token = header["stamp"]
            index = _faiss().deserialize_index(np.frombuffer(body, np.uint8))
            if index.d != self._dimension:
                raise ValueError("dimension differs")
        except FileNotFoundError:
            return
        except (OSError, ValueError, KeyError, TypeError, RuntimeError, struct.error) as error:
            _log.warning("%s is rebuilt from the database: %s", self._path, error)
            return
        self._index = index
        self._stamp = self._saved = Stamp(str(uuid), int(seq), str(token))


def _split(data: bytes) -> tuple[dict[str, Any], bytes]:
    if not data.startswith(_MAGIC):
        raise ValueError("not a vector cache")
    start = len(_MAGIC) + 4
    (length,) = struct.unpack_from("<I", data, len(_MAGIC))
    header = json.loads(data[start : start + length])
    return header, data[start + length :]


def _faiss() -> Any:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # SWIG types without __module__
        import faiss
    return faiss
