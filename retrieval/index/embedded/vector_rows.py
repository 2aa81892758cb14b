"""Vectors in the database: for each passage its own and those of its sentences side by side, so that a question reads
one row for each candidate; and which texts have a vector already, so that none is embedded twice.
"""

from collections.abc import Iterable, Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from retrieval.embedding.base import Vectors
from retrieval.index.base import PassageVectors
from retrieval.index.embedded.connection import Connection
from retrieval.index.embedded.vector_writes import STORED

_FLOATS = np.arange(2**16, dtype="<u2").view(STORED).astype(np.float32)
"""The value of each pattern of 16 bits."""


class VectorRows:
    """Reads the vectors. All arrays are float32; removed passages are missing."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def own(self, passages: Sequence[int]) -> tuple[NDArray[np.int64], Vectors]:
        """Passages, shape (n,), and their own vectors, shape (n, dimension)."""
        found = [*self._connection.all_in("SELECT passage, own FROM vectors WHERE passage IN ({})", passages)]
        return np.array([key for key, _ in found], np.int64), _matrix(b"".join(own for _, own in found), len(found))

    def known(self, keys: Iterable[bytes]) -> dict[bytes, Vectors]:
        """The vectors of texts that some passage holds, by `text_key`."""
        query = "SELECT key, passage, position FROM texts WHERE key IN ({})"
        places = {key: (passage, position) for key, passage, position in self._connection.all_in(query, list(keys))}
        found = self.of(sorted({passage for passage, _ in places.values()}))
        return {
            key: found.matrix[found.rows[passage]][at]
            for key, (passage, at) in places.items()
            if passage in found.rows
        }

    def of(self, passages: Sequence[int]) -> PassageVectors:
        """Vectors of passages and of their sentences."""
        query = "SELECT passage, own, sentences FROM vectors WHERE passage IN ({})"
        found = [*self._connection.all_in(query, passages)]
        ends = [*accumulate(1 + len(sentences) // len(own) for _, own, sentences in found)]
        rows = {row[0]: slice(start, end) for row, start, end in zip(found, [0, *ends], ends, strict=False)}
        matrix = _matrix(b"".join(part for _, *parts in found for part in parts), sum(ends[-1:]))
        return PassageVectors(rows, matrix)


def _matrix(packed: bytes, rows: int) -> Vectors:
    # By table in half the time of numpy's own conversion.
    values = _FLOATS.take(np.frombuffer(packed, "<u2"))
    return values.reshape(rows, -1 if rows else 0)
