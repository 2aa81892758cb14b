"""Rows of vectors by FAISS, exact while they are few and approximate when they are many. Nothing else imports it.

HNSW and IVF lose what a question is nearest to, for questions lie apart from passages. One bit for each dimension
(RaBitQ, Gao and Long 2024) scans all of them in a fraction of the time that float32 takes, and a second look at the
best by 8 bits makes up for what it blurs. `make scale-study` compares the kinds, at each size.
"""

import warnings
from collections.abc import Callable, Collection, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.embedding.base import Vectors

Keys = NDArray[np.int64]
_SECOND_LOOK = 3_000
"""Rows that one bit finds and 8 bits look at again: among them are the ten nearest of a million, 99 times in 100."""
SAMPLE = 50_000
"""Vectors that tell where vectors lie."""
_ROOM = np.float32(1.25)
"""How much farther than the sample's the values may lie that 8 bits tell; what lies outside is cut off."""
_BATCH = 10_000


class FaissRows:
    """Vectors of one dimension with their keys, which only ever grow: what is added has higher ones.

    `parts` are FAISS's indexes, which hold the same rows in the same order."""

    kind = ""
    layers = 1

    def __init__(self, parts: Sequence[Any], keys: Keys | None = None) -> None:
        self.parts = parts
        self.keys = np.zeros(0, np.int64) if keys is None else keys

    def __len__(self) -> int:
        return len(self.keys)

    @property
    def dimension(self) -> int:
        return int(self.parts[0].d)

    @property
    def bytes(self) -> int:
        """What the rows take in memory."""
        return len(self) * (int(sum(part.code_size for part in self.parts)) + self.keys.itemsize)

    def add(self, keys: Keys, vectors: Vectors) -> None:
        """Append rows: `keys` of shape (rows,), int64, and `vectors` of shape (rows, dimension), float32."""
        for part in self.parts:
            part.add(vectors)
        self.keys = np.concatenate([self.keys, keys])

    def remove(self, keys: Sequence[int]) -> None:
        """Take the rows out; unknown keys are passed over."""
        gone = self._at(keys)
        for part in self.parts:
            part.remove_ids(_faiss().IDSelectorBatch(gone))
        self.keys = np.delete(self.keys, gone)

    def search(self, vector: Vectors, count: int, within: Collection[int] | None = None) -> dict[int, float]:
        """Inner product by key of the `count` rows nearest to the vector, float32 of shape (dimension,), or of those
        `within`."""
        count = min(count, len(self) if within is None else len(within))
        if count == 0:
            return {}
        asked = vector.reshape(1, -1)
        scores, rows = self._nearest(asked, count) if within is None else self._among(asked, count, self._at(within))
        return {int(self.keys[row]): float(score) for row, score in zip(rows[0], scores[0], strict=True) if row >= 0}

    def _nearest(self, vector: Vectors, count: int) -> tuple[Vectors, Keys]:
        found: tuple[Vectors, Keys] = self.parts[-1].search(vector, count)
        return found

    def _among(self, vector: Vectors, count: int, rows: Keys) -> tuple[Vectors, Keys]:
        faiss = _faiss()
        found: tuple[Vectors, Keys] = self.parts[-1].search(
            vector, count, params=faiss.SearchParameters(sel=faiss.IDSelectorBatch(rows))
        )
        return found

    def _at(self, keys: Collection[int]) -> Keys:
        """The rows of those keys that are there."""
        wanted = np.fromiter(keys, np.int64, len(keys))
        rows = np.searchsorted(self.keys, wanted)
        known = rows < len(self.keys)
        found: Keys = rows[known][self.keys[rows[known]] == wanted[known]]
        return found


class ExactRows(FaissRows):
    """All rows are compared, in the 16 bits in which the database keeps them."""

    kind = "exact"

    @classmethod
    def empty(cls, dimension: int) -> "ExactRows":
        faiss = _faiss()
        inner_product = faiss.METRIC_INNER_PRODUCT
        return cls([faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16, inner_product)])

    def copy(self) -> "ExactRows":
        return ExactRows([_faiss().clone_index(part) for part in self.parts], self.keys)


class ApproximateRows(FaissRows):
    """All rows are compared by one bit for each dimension, the best of them once more by 8."""

    kind = "approximate"
    layers = 2

    @classmethod
    def trained(cls, sample: Vectors) -> "ApproximateRows":
        """Empty; the sample, shape (n, dimension), tells where the vectors lie."""
        faiss = _faiss()
        dimension, inner_product = sample.shape[1], faiss.METRIC_INNER_PRODUCT
        one_bit = faiss.IndexRaBitQFastScan(dimension, inner_product)
        eight_bits = faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_8bit, inner_product)
        one_bit.train(sample)
        middle = sample.mean(axis=0)
        eight_bits.train(middle + _ROOM * (sample - middle))
        return cls([one_bit, eight_bits])

    @classmethod
    def of(cls, exact: ExactRows) -> "ApproximateRows":
        """The same rows."""
        (part,) = exact.parts
        drawn = np.linspace(0, len(exact) - 1, min(len(exact), SAMPLE)).astype(np.int64)
        rows = cls.trained(part.reconstruct_batch(drawn))
        for start in range(0, len(exact), _BATCH):
            keys = exact.keys[start : start + _BATCH]
            rows.add(keys, part.reconstruct_n(start, len(keys)))
        return rows

    def _nearest(self, vector: Vectors, count: int) -> tuple[Vectors, Keys]:
        faiss = _faiss()
        both = faiss.IndexRefine(*self.parts)
        both.k_factor = max(1.0, min(_SECOND_LOOK, len(self)) / count)
        found: tuple[Vectors, Keys] = both.search(vector, count)
        return found


def write(rows: FaissRows, put: Callable[[bytes], object]) -> None:
    """Hand on the keys and FAISS's bytes, one part after the other."""
    put(len(rows).to_bytes(8, "little"))
    put(rows.keys.astype("<i8").tobytes())
    faiss = _faiss()
    for part in rows.parts:
        faiss.write_index(part, faiss.PyCallbackIOWriter(put))


class Readable(Protocol):
    """Bytes one after the other, at most `size` of them at a time."""

    def read(self, size: int, /) -> bytes: ...


def read(kind: str, file: Readable) -> FaissRows:
    """What `write` wrote, from where the file stands. Raises ValueError, KeyError or RuntimeError when it is none."""
    faiss = _faiss()
    made = {index_class.kind: index_class for index_class in (ExactRows, ApproximateRows)}[kind]
    count = int.from_bytes(file.read(8), "little")
    keys = np.frombuffer(file.read(8 * count), "<i8").astype(np.int64)
    parts = [faiss.read_index(faiss.PyCallbackIOReader(file.read)) for _ in range(made.layers)]
    if any(part.ntotal != len(keys) for part in parts):
        raise ValueError("its parts do not fit together")
    return made(parts, keys)


def _faiss() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # SWIG types without __module__
        import faiss
    return faiss
